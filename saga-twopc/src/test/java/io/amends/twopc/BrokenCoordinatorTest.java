package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.twopc.Probe.Point;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Coordinators that are wrong on purpose, each in one way, beside the right one in the same story: what notices nothing
 * proves nothing.
 */
class BrokenCoordinatorTest {

    private final TwoBanks banks = TwoBanks.open();

    @AfterEach
    void close() {
        banks.close();
    }

    @Test
    void to_commit_before_the_decision_is_durable_is_noticed() {
        UnaryOperator<DecisionLog> tooEarly = real -> new ForwardingLog(real) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                // would write it some time later
                return true;
            }
        };

        assertThat(bankBIsLostWhileItIsTold(UnaryOperator.identity())).isEmpty();
        assertThat(bankBIsLostWhileItIsTold(tooEarly)).anyMatch(found -> found.startsWith("not atomic"));
    }

    private List<String> bankBIsLostWhileItIsTold(UnaryOperator<DecisionLog> log) {
        Probe lost = once(Point.BEFORE_COMMIT, TwoBanks.B, () -> banks.terminate(TwoBanks.B));
        return story(log, lost, Ours.of(new CoordinatorName(TwoBanks.INSTALLATION, "one")));
    }

    @Test
    void to_take_a_lost_answer_for_an_abort_is_noticed() {
        UnaryOperator<DecisionLog> lost = real -> new ForwardingLog(real) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                super.commit(decision, limit);
                banks.terminate(TwoBanks.B);
                throw new DecisionLogException("the answer is lost", true, new IllegalStateException("cut"));
            }
        };
        UnaryOperator<DecisionLog> taken = real -> new ForwardingLog(lost.apply(real)) {
            @Override
            public boolean commit(Decision decision, Duration limit) {
                try {
                    return super.commit(decision, limit);
                } catch (DecisionLogException answer) {
                    return false;
                }
            }
        };

        assertThat(story(lost, Probe.NONE, ours())).isEmpty();
        assertThat(story(taken, Probe.NONE, ours())).anyMatch(found -> found.startsWith("not atomic"));
    }

    @Test
    void to_forget_at_once_is_noticed() throws Exception {
        UnaryOperator<DecisionLog> forgetful = real -> new ForwardingLog(real) {
            @Override
            public void done(Collection<TransactionId> transactions, Duration limit) {
                super.done(transactions, limit);
                real.forget(Duration.ZERO, limit);
            }
        };

        assertThat(aBranchComesBack(UnaryOperator.identity())).isEmpty();
        assertThat(aBranchComesBack(forgetful)).anyMatch(found -> found.startsWith("not atomic"));
    }

    /** As a standby brings it back that had not heard of its end when it was promoted. */
    private List<String> aBranchComesBack(UnaryOperator<DecisionLog> log) throws Exception {
        try (TwoPhaseTransactions transactions = banks.coordinator("one", log.apply(banks.log()), Probe.NONE)) {
            TransactionId id = TwoBanks.transfer(transactions, 10);
            transactions.recover();
            banks.jdbc(TwoBanks.B).execute("update account set balance = balance - 10");
            banks.prepare(TwoBanks.B, TwoBanks.gid("one", id, TwoBanks.B).text(), 10);
            transactions.recover();
            return banks.violations();
        }
    }

    @Test
    void a_recovery_that_touches_foreign_transactions_is_noticed() {
        String otherInstallation = "amends:other:one:" + TwoBanks.newId().hex() + ":" + TwoBanks.A;
        assertThat(whatIsLeftOf(otherInstallation, ours())).containsExactly(otherInstallation);
        assertThat(whatIsLeftOf(otherInstallation, new Ours("amends:", Gid::parse)))
                .isEmpty();
    }

    private List<String> whatIsLeftOf(String foreign, Ours ours) {
        banks.jdbc(TwoBanks.A)
                .queryForList("select gid from pg_prepared_xacts where database = current_database()", String.class)
                .forEach(gid -> banks.jdbc(TwoBanks.A).execute("rollback prepared '" + gid + "'"));
        banks.prepare(TwoBanks.A, foreign, -10);
        try (TwoPhaseTransactions transactions = coordinator(banks.log(), Probe.NONE, ours)) {
            transactions.recover();
        }
        return banks.prepared();
    }

    private static Ours ours() {
        return Ours.of(new CoordinatorName(TwoBanks.INSTALLATION, "one"));
    }

    private TwoPhaseTransactions coordinator(DecisionLog log, Probe probe, Ours ours) {
        return new TwoPhaseTransactions(
                new CoordinatorName(TwoBanks.INSTALLATION, "one"),
                log,
                banks.participants(),
                RecoveryTest.takingOverAfter(Duration.ZERO),
                UUID::randomUUID,
                () -> 0.5,
                probe,
                ours);
    }

    /** A transfer with a mishap, then recovery by the same process. */
    private List<String> story(UnaryOperator<DecisionLog> log, Probe probe, Ours ours) {
        try (TwoPhaseTransactions transactions = coordinator(log.apply(banks.log()), probe, ours)) {
            @Nullable Throwable told = catchThrowable(() -> TwoBanks.transfer(transactions, 10));
            if (told != null) {
                assertThat(told).isInstanceOfAny(TransactionAbortedException.class, TransactionInDoubtException.class);
            }
            transactions.recover();
            return banks.violations();
        }
    }

    static Probe once(Point point, String branch, Runnable mishap) {
        AtomicBoolean happened = new AtomicBoolean();
        return (at, where) -> {
            if (at == point && where.equals(branch) && happened.compareAndSet(false, true)) {
                mishap.run();
            }
        };
    }
}
