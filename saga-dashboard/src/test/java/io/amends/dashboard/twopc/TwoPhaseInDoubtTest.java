package io.amends.dashboard.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.twopc.InDoubtSource.InDoubt;
import io.amends.twopc.Gid;
import io.amends.twopc.InDoubtBranch;
import io.amends.twopc.InDoubtList;
import io.amends.twopc.Outcome;
import io.amends.twopc.TransactionId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often participants are asked, and what is told of their answers. */
class TwoPhaseInDoubtTest {

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger settled = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final TransactionId transaction = new TransactionId(UUID.randomUUID());

    private InDoubtList list() {
        asked.incrementAndGet();
        return new InDoubtList(
                List.of(
                        branch("bank-a", Duration.ofSeconds(5), Outcome.COMMIT),
                        branch("bank-b", Duration.ofSeconds(9), null)),
                List.of("bank-c does not answer"));
    }

    private InDoubtBranch branch(String participant, Duration age, Outcome decision) {
        return new InDoubtBranch(
                new Gid("bank", "one", transaction, participant),
                age,
                decision,
                false,
                "In " + participant + " run: ...");
    }

    private TwoPhaseInDoubt source() {
        return new TwoPhaseInDoubt(this::list, settled::incrementAndGet, () -> 2, nanos::get);
    }

    @Test
    void each_branch_is_told_with_its_advice_the_oldest_first_and_who_could_not_be_asked() {
        InDoubt told = source().look();

        assertThat(told.present()).isTrue();
        assertThat(told.away()).containsExactly("bank-c does not answer");
        assertThat(told.branches())
                .containsExactly(
                        new InDoubtSource.Branch(
                                "bank-b",
                                transaction.toString(),
                                "amends:bank:one:" + transaction.hex() + ":bank-b",
                                Duration.ofSeconds(9),
                                null,
                                false,
                                "In bank-b run: ..."),
                        new InDoubtSource.Branch(
                                "bank-a",
                                transaction.toString(),
                                "amends:bank:one:" + transaction.hex() + ":bank-a",
                                Duration.ofSeconds(5),
                                "COMMIT",
                                false,
                                "In bank-a run: ..."));
        assertThat(source().number()).hasValue(2);
    }

    @Test
    void participants_are_not_asked_again_for_a_short_while() {
        TwoPhaseInDoubt source = source();
        source.look();
        source.look();
        assertThat(asked).hasValue(1);

        nanos.addAndGet(TwoPhaseInDoubt.FRESH.toNanos());
        source.look();
        assertThat(asked).hasValue(2);
    }

    @Test
    void after_an_order_to_end_them_participants_are_asked_anew() {
        TwoPhaseInDoubt source = source();
        source.look();

        source.settle();
        source.look();

        assertThat(settled).hasValue(1);
        assertThat(asked).hasValue(2);
    }

    @Test
    void nobody_waits_while_another_one_asks() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        TwoPhaseInDoubt source = new TwoPhaseInDoubt(
                () -> {
                    asking.countDown();
                    try {
                        assertThat(answer.await(60, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return list();
                },
                () -> {},
                () -> 0,
                nanos::get);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<InDoubt> first = thread.submit(source::look);
            assertThat(asking.await(60, TimeUnit.SECONDS)).isTrue();

            assertThat(source.look().away()).singleElement().asString().contains("being asked");

            answer.countDown();
            assertThat(first.get(60, TimeUnit.SECONDS).branches()).hasSize(2);
            assertThat(source.look().branches()).hasSize(2);
        } finally {
            answer.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void without_two_phase_commit_nothing_is_told_and_nothing_counted() {
        assertThat(InDoubtSource.NONE.look()).isEqualTo(new InDoubt(false, List.of(), List.of()));
        assertThat(InDoubtSource.NONE.number()).isEmpty();
    }
}
