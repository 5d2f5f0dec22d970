package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.twopc.Probe.Point;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TwoBanks banks = TwoBanks.open();

    @AfterEach
    void close() {
        banks.close();
    }

    static TwoPhaseSettings takingOverAfter(Duration age) {
        return recovering(TwoBanks.SETTINGS.recoverEvery(), age);
    }

    static TwoPhaseSettings recovering(Duration interval, Duration takeOverAfter) {
        TwoPhaseSettings others = TwoBanks.SETTINGS;
        return new TwoPhaseSettings(
                others.workTimeout(),
                others.prepareTimeout(),
                others.decisionTimeout(),
                others.commitTimeout(),
                others.attempts(),
                others.backoff(),
                others.retention(),
                interval,
                takeOverAfter,
                others.concurrency());
    }

    static TwoPhaseSettings working(Duration limit) {
        return limited(limit, TwoBanks.SETTINGS.prepareTimeout());
    }

    /** With so long for a decision, and for finding out what counts where its answer is lost. */
    static TwoPhaseSettings deciding(Duration limit) {
        TwoPhaseSettings others = TwoBanks.SETTINGS;
        return new TwoPhaseSettings(
                others.workTimeout(),
                others.prepareTimeout(),
                limit,
                others.commitTimeout(),
                others.attempts(),
                others.backoff(),
                others.retention(),
                others.recoverEvery(),
                others.takeOverAfter(),
                others.concurrency());
    }

    private static TwoPhaseSettings limited(Duration work, Duration prepare) {
        TwoPhaseSettings others = TwoBanks.SETTINGS;
        return new TwoPhaseSettings(
                work,
                prepare,
                others.decisionTimeout(),
                others.commitTimeout(),
                others.attempts(),
                others.backoff(),
                others.retention(),
                others.recoverEvery(),
                others.takeOverAfter(),
                others.concurrency());
    }

    @Test
    void transactions_of_others_are_never_touched() {
        String installation = new Gid("other", "one", TwoBanks.newId(), TwoBanks.A).text();
        String manager = "131077_AAAAAAAAAAAAAP__AAEB_Nw==";
        banks.prepare(TwoBanks.A, installation, -10);
        banks.prepare(TwoBanks.B, manager, 10);

        try (TwoPhaseTransactions transactions =
                banks.coordinator("one", banks.log(), Probe.NONE, takingOverAfter(Duration.ZERO))) {
            transactions.recover();
            assertThat(transactions.inDoubt().branches()).isEmpty();
        }

        assertThat(banks.prepared()).containsExactly(installation, manager);
    }

    @Test
    void what_another_coordinator_has_not_decided_is_left_while_it_is_young() {
        TransactionId id = TwoBanks.newId();
        banks.prepareTransfer("other", id, 10);

        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            transactions.recover();
            assertThat(banks.prepared()).hasSize(2);
            assertThat(transactions.outcome(id)).isEmpty();
        }
        try (TwoPhaseTransactions patient =
                banks.coordinator("one", banks.log(), Probe.NONE, takingOverAfter(Duration.ZERO))) {
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                patient.recover();
                assertThat(banks.violations()).isEmpty();
            });
            assertThat(patient.outcome(id)).contains(Outcome.ABORT);
        }
    }

    @Test
    void a_coordinator_that_comes_back_after_it_was_settled_can_no_longer_commit() {
        try (TwoPhaseTransactions others =
                        banks.coordinator("two", banks.log(), Probe.NONE, takingOverAfter(Duration.ZERO));
                TwoPhaseTransactions slow = banks.coordinator(
                        "one",
                        banks.log(),
                        BrokenCoordinatorTest.once(
                                Point.BEFORE_DECISION,
                                "",
                                () -> Awaitility.await().atMost(LIMIT).until(() -> {
                                    others.recover();
                                    return banks.prepared().isEmpty();
                                })))) {
            assertThatExceptionOfType(TransactionAbortedException.class)
                    .isThrownBy(() -> TwoBanks.transfer(slow, 10))
                    .satisfies(aborted -> assertThat(aborted.phase()).isEqualTo(Phase.DECISION));
            assertThat(slow.heuristics()).isEmpty();
        }

        assertThat(banks.violations()).isEmpty();
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(100);
    }

    @Test
    void two_recoveries_at_once_end_each_branch_once() throws Exception {
        int transfers = 12;
        for (int i = 0; i < transfers; i++) {
            for (String bank : List.of(TwoBanks.A, TwoBanks.B)) {
                banks.jdbc(bank).update("insert into account values (?, 50)", 100 + i);
            }
        }
        List<TransactionId> decided = new ArrayList<>();
        for (int i = 0; i < transfers; i++) {
            TransactionId id = TwoBanks.newId();
            List<Decision.Branch> branches = prepareOnAccount(id, 100 + i);
            if (i % 2 == 0) {
                banks.decideCommit("gone", id, branches);
                decided.add(id);
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch start = new CountDownLatch(1);
        try (TwoPhaseTransactions one =
                        banks.coordinator("one", banks.log(), Probe.NONE, takingOverAfter(Duration.ZERO));
                TwoPhaseTransactions two =
                        banks.coordinator("gone", banks.log(), Probe.NONE, takingOverAfter(Duration.ZERO))) {
            List<Future<?>> rounds = new ArrayList<>();
            for (TwoPhaseTransactions each : List.of(one, two, one, two)) {
                rounds.add(threads.submit(() -> {
                    start.await();
                    each.recover();
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> round : rounds) {
                round.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            one.recover();

            assertThat(one.heuristics()).isEmpty();
            assertThat(banks.violations()).isEmpty();
            assertThat(banks.log().unfinished(100, LIMIT)).isEmpty();
            assertThat(decided).allMatch(id -> one.outcome(id).orElseThrow() == Outcome.COMMIT);
        } finally {
            threads.shutdownNow();
        }
        for (int i = 0; i < transfers; i++) {
            int moved = i % 2 == 0 ? 10 : 0;
            assertThat(balanceOf(TwoBanks.A, 100 + i)).isEqualTo(50 - moved);
            assertThat(balanceOf(TwoBanks.B, 100 + i)).isEqualTo(50 + moved);
        }
    }

    private List<Decision.Branch> prepareOnAccount(TransactionId id, int account) throws Exception {
        List<Decision.Branch> branches = new ArrayList<>();
        for (String bank : List.of(TwoBanks.A, TwoBanks.B)) {
            JdbcParticipant participant = new JdbcParticipant(bank, banks.pool(bank));
            JdbcBranch branch = participant.begin(LIMIT, LIMIT);
            branch.work(connection -> {
                try (var statement = connection.createStatement()) {
                    return statement.executeUpdate("update account set balance = balance %s 10 where id = %d"
                            .formatted(bank.equals(TwoBanks.A) ? "-" : "+", account));
                }
            });
            assertThat(branch.ask(LIMIT)).isEmpty();
            Vote vote = branch.vote(TwoBanks.gid("gone", id, bank), LIMIT);
            branch.release(LIMIT);
            assertThat(vote).isInstanceOf(Vote.Prepared.class);
            branches.add(new Decision.Branch(bank, ((Vote.Prepared) vote).xid()));
        }
        return branches;
    }

    private long balanceOf(String bank, int account) {
        Long balance = banks.jdbc(bank).queryForObject("select balance from account where id = ?", Long.class, account);
        return balance == null ? -1 : balance;
    }

    @Test
    void a_branch_that_prepares_after_its_transaction_was_rolled_back_is_rolled_back_too() {
        banks.jdbc(TwoBanks.B).execute("""
                create function dawdle() returns trigger language plpgsql as
                  $$ begin perform pg_sleep(4); return null; end $$""");
        banks.jdbc(TwoBanks.B).execute("""
                create constraint trigger dawdle after update on account deferrable initially deferred
                  for each row execute function dawdle()""");
        TwoPhaseSettings hasty = limited(Duration.ofSeconds(10), Duration.ofMillis(1_500));

        try (TwoPhaseTransactions transactions = banks.coordinator("one", banks.log(), Probe.NONE, hasty)) {
            assertThatExceptionOfType(TransactionAbortedException.class)
                    .isThrownBy(() -> TwoBanks.transfer(transactions, 10))
                    .satisfies(aborted -> assertThat(aborted.branch()).isEqualTo(TwoBanks.B));
            transactions.recover();
            assertThat(banks.prepared()).as("not prepared yet").isEmpty();
            Awaitility.await().atMost(LIMIT).until(() -> banks.prepared().size() == 1);
            transactions.recover();
        }

        assertThat(banks.prepared()).isEmpty();
        assertThat(banks.balance(TwoBanks.A) + banks.balance(TwoBanks.B)).isEqualTo(200);
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(100);
    }

    @Test
    void recovery_in_the_background_ends_what_was_left() {
        TransactionId id = TwoBanks.newId();
        banks.decideCommit("one", id, banks.prepareTransfer("one", id, 10));

        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            transactions.start();
            Awaitility.await().atMost(LIMIT).until(() -> banks.balance(TwoBanks.B) == 110);
            TransactionId later = TwoBanks.newId();
            banks.decideCommit("one", later, banks.prepareTransfer("one", later, 10));
            Awaitility.await().atMost(LIMIT).until(() -> banks.balance(TwoBanks.B) == 120);
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> banks.log().unfinished(10, LIMIT).isEmpty());
        }
        assertThat(banks.violations()).isEmpty();
    }

    @Test
    void what_a_transaction_could_not_end_is_ended_at_once() throws Exception {
        Probe lost = BrokenCoordinatorTest.once(Point.BEFORE_COMMIT, TwoBanks.B, () -> banks.terminate(TwoBanks.B));
        try (TwoPhaseTransactions transactions =
                banks.coordinator("one", banks.log(), lost, recovering(Duration.ofHours(1), Duration.ofMinutes(1)))) {
            transactions.start();
            TwoBanks.transfer(transactions, 10);
            Awaitility.await().atMost(LIMIT).until(() -> banks.prepared().isEmpty());
        }
        assertThat(banks.violations()).isEmpty();
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
    }

    @Test
    void a_participant_that_is_away_holds_up_nobody_else() {
        TransactionId id = TwoBanks.newId();
        banks.decideCommit("one", id, banks.prepareTransfer("one", id, 10));
        List<Participant> participants = List.of(
                new Away("far"),
                banks.participants().get(0),
                banks.participants().get(1));

        try (TwoPhaseTransactions transactions = new TwoPhaseTransactions(
                new CoordinatorName(TwoBanks.INSTALLATION, "one"),
                banks.log(),
                participants,
                TwoBanks.SETTINGS,
                UUID::randomUUID,
                () -> 0.5)) {
            transactions.recover();
            assertThat(transactions.inDoubt().away()).singleElement().asString().contains("far");
        }

        assertThat(banks.violations()).isEmpty();
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
    }

    @Test
    void a_decision_is_kept_until_its_time_is_over_and_one_that_is_not_carried_out_for_ever() throws Exception {
        TransactionId undone = TwoBanks.newId();
        banks.decideCommit("far", undone, List.of(new Decision.Branch("nobody", "1")));
        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            TransactionId done = TwoBanks.transfer(transactions, 10);
            transactions.recover();

            banks.log().forget(Duration.ofDays(1), LIMIT);
            assertThat(transactions.outcome(done)).contains(Outcome.COMMIT);

            banks.log().forget(Duration.ZERO, LIMIT);
            assertThat(transactions.outcome(done)).isEmpty();
            assertThat(transactions.outcome(undone)).contains(Outcome.COMMIT);
        }
    }

    /** A participant that nobody can reach. */
    private record Away(String name) implements RemoteParticipant {

        private ParticipantException away() {
            return new ParticipantException(name, "call", new IOException("no route"));
        }

        @Override
        public Vote prepare(Gid gid, RemoteWork work, Duration limit) {
            return new Vote.Unknown("no route", null);
        }

        @Override
        public BranchState commit(Gid gid, @Nullable String xid, Duration limit) {
            throw away();
        }

        @Override
        public BranchState rollback(Gid gid, @Nullable String xid, Duration limit) {
            throw away();
        }

        @Override
        public List<PreparedBranch> listInDoubt(String prefix, Duration limit) {
            throw away();
        }

        @Override
        public Map<String, BranchState> states(Collection<String> xids, Duration limit) {
            throw away();
        }

        @Override
        public String place() {
            return "nowhere";
        }
    }
}
