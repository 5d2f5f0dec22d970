package io.amends.twopc;

import static io.amends.twopc.EndpointBank.LIMIT;
import static io.amends.twopc.EndpointBank.amount;
import static io.amends.twopc.EndpointBank.newGid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TwoPhaseEndpointTest {

    private final EndpointBank bank = new EndpointBank();
    private final TwoPhaseEndpoint endpoint = bank.endpoint();
    private final String gid = newGid();

    @AfterEach
    void close() {
        for (PreparedBranch left : endpoint.inDoubt("amends:", LIMIT)) {
            endpoint.rollback(left.gid(), null, LIMIT);
        }
        bank.close();
    }

    @Test
    void prepared_work_is_there_once_it_is_committed() {
        Vote vote = endpoint.prepare(gid, amount(10), LIMIT);

        assertThat(vote).isInstanceOf(Vote.Prepared.class);
        assertThat(bank.balance()).isEqualTo(100);
        assertThat(endpoint.inDoubt("amends:test:", LIMIT))
                .extracting(PreparedBranch::gid)
                .containsExactly(gid);

        assertThat(endpoint.commit(gid, xid(vote), LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(bank.balance()).isEqualTo(110);
        assertThat(bank.prepared()).isZero();
        assertThat(endpoint.states(List.of(xid(vote)), LIMIT)).containsEntry(xid(vote), BranchState.COMMITTED);
    }

    @Test
    void prepared_work_is_gone_once_it_is_rolled_back() {
        Vote vote = endpoint.prepare(gid, amount(10), LIMIT);

        assertThat(endpoint.rollback(gid, xid(vote), LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
        assertThat(endpoint.rollback(gid, null, LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
        assertThat(bank.balance()).isEqualTo(100);
        assertThat(bank.prepared()).isZero();
        assertThat(endpoint.commit(gid, xid(vote), LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
    }

    @Test
    void a_repeated_prepare_does_nothing_and_gets_the_same_answer() {
        Vote vote = endpoint.prepare(gid, amount(10), LIMIT);

        assertThat(endpoint.prepare(gid, amount(10), LIMIT)).isEqualTo(vote);
        assertThat(bank.calls()).isEqualTo(1);
        assertThat(bank.prepared()).isEqualTo(1);
    }

    @Test
    void a_prepare_that_comes_again_after_the_commit_takes_no_effect() {
        endpoint.commit(gid, xid(endpoint.prepare(gid, amount(10), LIMIT)), LIMIT);

        assertThat(endpoint.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.Unknown.class);
        assertThat(bank.balance()).isEqualTo(110);
        assertThat(bank.prepared()).isZero();
        assertThat(endpoint.rollback(gid, null, LIMIT)).isEqualTo(BranchState.COMMITTED);
    }

    @Test
    void a_rollback_that_overtakes_its_prepare_wins() {
        assertThat(endpoint.rollback(gid, null, LIMIT)).isEqualTo(BranchState.ROLLED_BACK);

        assertThat(endpoint.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.Refused.class);
        assertThat(bank.calls()).isZero();
        assertThat(bank.prepared()).isZero();
    }

    @Test
    void branches_that_wait_for_a_lock_leave_a_connection_for_the_commit_that_frees_it() throws Exception {
        TwoPhaseEndpoint busy = bank.with((connection, work) -> bank.add(work), atWork(3, Duration.ofSeconds(5)));
        String xid = xid(busy.prepare(gid, amount(10), LIMIT));
        ExecutorService callers = Executors.newFixedThreadPool(EndpointBank.POOL);
        try {
            List<Future<Vote>> waiting = new ArrayList<>();
            for (int i = 0; i < EndpointBank.POOL; i++) {
                waiting.add(callers.submit(() -> busy.prepare(newGid(), amount(1), Duration.ofSeconds(5))));
            }
            await().atMost(LIMIT).until(() -> bank.calls() >= 4);

            assertThat(busy.commit(gid, xid, Duration.ofSeconds(4))).isEqualTo(BranchState.COMMITTED);
            await().atMost(LIMIT).until(() -> busy.inDoubt("amends:", LIMIT).size() == 1);
        } finally {
            callers.shutdownNow();
            assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void one_more_branch_than_may_be_at_work_waits_and_is_refused_if_none_ends_in_time() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TwoPhaseEndpoint one = bank.with(
                (connection, work) -> {
                    bank.add(work);
                    working.countDown();
                    goOn.await(30, TimeUnit.SECONDS);
                },
                atWork(1, LIMIT));
        CompletableFuture<Vote> first = inBackground(() -> one.prepare(gid, amount(1), LIMIT));
        working.await(30, TimeUnit.SECONDS);
        String second = newGid();

        assertThat(one.prepare(second, amount(1), Duration.ofMillis(100)))
                .isInstanceOfSatisfying(
                        Vote.Refused.class,
                        refused -> assertThat(refused.reason()).contains("at work on 1 branches", "concurrency"));
        goOn.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(Vote.Prepared.class);
        assertThat(one.prepare(second, amount(1), LIMIT))
                .as("what was refused stays so")
                .isInstanceOf(Vote.Refused.class);
    }

    private static TwoPhaseEndpointSettings atWork(int branches, Duration prepare) {
        TwoPhaseEndpointSettings usual = TwoPhaseEndpointSettings.DEFAULT;
        return new TwoPhaseEndpointSettings(prepare, usual.settleTimeout(), usual.retention(), branches);
    }

    /** On a thread of its own: the JDK's common pool may have a single one, and these wait for each other. */
    private static CompletableFuture<Vote> inBackground(Supplier<Vote> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task, "background").start());
    }

    @Test
    void a_rollback_wins_over_work_that_is_under_way() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TwoPhaseEndpoint slow = bank.with((connection, work) -> {
            bank.add(work);
            working.countDown();
            goOn.await(30, TimeUnit.SECONDS);
        });
        CompletableFuture<Vote> vote = inBackground(() -> slow.prepare(gid, amount(10), LIMIT));
        working.await(30, TimeUnit.SECONDS);

        assertThat(slow.rollback(gid, null, LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
        goOn.countDown();

        assertThat(vote.get(30, TimeUnit.SECONDS)).isInstanceOf(Vote.Refused.class);
        assertThat(bank.prepared()).isZero();
        assertThat(bank.balance()).isEqualTo(100);
    }

    @Test
    void a_repeat_that_comes_while_the_first_is_under_way_gets_its_answer_and_harms_nothing() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TwoPhaseEndpoint slow = bank.with((connection, work) -> {
            bank.add(work);
            working.countDown();
            goOn.await(30, TimeUnit.SECONDS);
        });
        CompletableFuture<Vote> first = inBackground(() -> slow.prepare(gid, amount(10), LIMIT));
        working.await(30, TimeUnit.SECONDS);
        // It waits for the row that the first has changed, and gives up after the time that it has.
        CompletableFuture<Vote> repeat = inBackground(() -> endpoint.prepare(gid, amount(10), Duration.ofSeconds(4)));
        await().atMost(LIMIT).until(() -> bank.number("select count(*) from pg_locks where not granted") > 0);
        goOn.countDown();

        assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(Vote.Prepared.class);
        assertThat(repeat.get(30, TimeUnit.SECONDS)).isEqualTo(first.get());
        assertThat(bank.prepared()).isEqualTo(1);
        assertThat(endpoint.commit(gid, null, LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(bank.balance()).isEqualTo(110);
    }

    @Test
    void a_business_no_is_told_with_its_reason_and_leaves_nothing() {
        Vote vote = endpoint.prepare(gid, amount(-500), LIMIT);

        assertThat(vote).isInstanceOfSatisfying(Vote.Refused.class, no -> {
            assertThat(no.reason()).isEqualTo("insufficient funds");
            assertThat(no.again()).isFalse();
        });
        assertThat(bank.prepared()).isZero();
        assertThat(endpoint.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.Refused.class);
    }

    @Test
    void work_that_fails_leaves_nothing_and_its_message_stays_here() {
        Vote vote = endpoint.prepare(gid, amount(5_000), LIMIT);

        assertThat(vote).isInstanceOfSatisfying(Vote.Refused.class, no -> {
            assertThat(no.reason()).isEqualTo("DataIntegrityViolationException at the service, whose log has more");
            assertThat(no.again()).isFalse();
        });
        assertThat(bank.balance()).isEqualTo(100);
        assertThat(bank.prepared()).isZero();
    }

    @Test
    void a_failed_statement_that_the_work_swallows_leaves_nothing() {
        TwoPhaseEndpoint careless = bank.with((connection, work) -> {
            bank.add(amount(10));
            try (var statement = connection.createStatement()) {
                statement.execute("select nonsense");
            } catch (SQLException swallowed) {
                return;
            }
        });

        assertThat(careless.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.Refused.class);
        assertThat(bank.prepared()).isZero();
        assertThat(bank.balance()).isEqualTo(100);
    }

    @Test
    void a_lost_deadlock_may_be_tried_again() {
        TwoPhaseEndpoint unlucky = bank.with((connection, work) -> {
            throw new SQLException("deadlock detected", "40P01");
        });

        assertThat(unlucky.prepare(gid, amount(10), LIMIT))
                .isInstanceOfSatisfying(
                        Vote.Refused.class, no -> assertThat(no.again()).isTrue());
    }

    @Test
    void work_that_writes_nothing_is_over_at_once() {
        TwoPhaseEndpoint reader = bank.with((connection, work) -> bank.balance());

        assertThat(reader.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.ReadOnly.class);
        assertThat(bank.prepared()).isZero();
        assertThat(bank.number("select count(*) from twopc_branch")).isZero();
    }

    @Test
    void work_that_takes_too_long_is_cut_short_by_its_limit() {
        TwoPhaseEndpoint slow = bank.with((connection, work) -> bank.jdbc().execute("select pg_sleep(30)"));

        assertThat(slow.prepare(gid, amount(10), Duration.ofMillis(200))).isInstanceOf(Vote.Refused.class);
    }

    @Test
    void what_became_of_a_branch_that_is_not_there_is_told_truthfully() {
        assertThat(endpoint.commit(gid, null, LIMIT)).isEqualTo(BranchState.UNKNOWN);

        Vote vote = endpoint.prepare(gid, amount(10), LIMIT);
        endpoint.commit(gid, xid(vote), LIMIT);
        assertThat(endpoint.commit(gid, null, LIMIT)).isEqualTo(BranchState.COMMITTED);

        bank.jdbc().execute("delete from twopc_branch");
        assertThat(endpoint.commit(gid, xid(vote), LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(endpoint.commit(gid, null, LIMIT)).isEqualTo(BranchState.UNKNOWN);

        Vote other = endpoint.prepare(newGid(), amount(1), LIMIT);
        assertThat(endpoint.inDoubt("amends:test:", LIMIT)).hasSize(1);
        String someone = endpoint.inDoubt("amends:test:", LIMIT).get(0).gid();
        bank.jdbc().execute("rollback prepared '" + someone + "'");
        assertThat(endpoint.commit(someone, xid(other), LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
    }

    @Test
    void prepared_transactions_of_others_are_neither_listed_nor_touched() {
        bank.jdbc().execute("begin; update account set balance = 7; prepare transaction 'theirs'");

        assertThatThrownBy(() -> endpoint.commit("theirs", null, LIMIT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> endpoint.rollback("theirs", null, LIMIT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> endpoint.prepare("amends:a:b:c'; drop table account; --", amount(1), LIMIT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> endpoint.inDoubt("", LIMIT)).isInstanceOf(IllegalArgumentException.class);
        assertThat(endpoint.inDoubt("amends:", LIMIT)).isEmpty();
        assertThat(bank.prepared()).isEqualTo(1);

        bank.jdbc().execute("rollback prepared 'theirs'");
    }

    @Test
    void ends_are_forgotten_after_their_retention() {
        endpoint.rollback(gid, null, LIMIT);
        String young = newGid();
        endpoint.rollback(young, null, LIMIT);
        bank.jdbc().update("update twopc_branch set noted_at = noted_at - interval '25 hours' where gid = ?", gid);

        bank.with((connection, work) -> {}).inDoubt("amends:", LIMIT);

        assertThat(bank.jdbc().queryForList("select gid from twopc_branch", String.class))
                .containsExactly(young);
    }

    @Test
    void the_whole_number_of_a_transaction_is_made_from_its_lower_half() {
        assertThat(BranchTable.fullXid(700, 900)).isEqualTo(700);
        assertThat(BranchTable.fullXid(905, 900)).isEqualTo(905);
        assertThat(BranchTable.fullXid(700, 0x5_0000_0900L)).isEqualTo(0x5_0000_0000L + 700);
        assertThat(BranchTable.fullXid(0xFFFF_FFF0L, 0x5_0000_0003L)).isEqualTo(0x4_FFFF_FFF0L);
    }

    private static String xid(Vote vote) {
        return vote instanceof Vote.Prepared prepared ? String.valueOf(prepared.xid()) : "";
    }
}
