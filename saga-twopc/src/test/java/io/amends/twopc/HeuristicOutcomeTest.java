package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.twopc.Probe.Point;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody ends a branch by hand, otherwise than was decided. It can't be undone, and is not hidden. */
class HeuristicOutcomeTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TwoBanks banks = TwoBanks.open();

    @AfterEach
    void close() {
        banks.close();
    }

    @Test
    void recovery_notices_what_was_rolled_back_before_it_came() {
        TransactionId id = TwoBanks.newId();
        banks.decideCommit("one", id, banks.prepareTransfer("one", id, 10));
        byHand(TwoBanks.B, "rollback", TwoBanks.gid("one", id, TwoBanks.B).text());

        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            transactions.recover();
            transactions.recover();

            assertThat(transactions.heuristics())
                    .containsExactly(
                            new HeuristicOutcome(id, Outcome.COMMIT, "one", TwoBanks.B, BranchState.ROLLED_BACK));
        }
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(90);
        assertThat(banks.log().unfinished(10, LIMIT))
                .as("looked at again and again")
                .isEmpty();
    }

    @Test
    void the_coordinator_notices_what_was_rolled_back_behind_its_back() throws Exception {
        Probe operator = BrokenCoordinatorTest.once(
                Point.BEFORE_COMMIT, TwoBanks.B, () -> byHand(TwoBanks.B, "rollback", preparedAt(TwoBanks.B)));
        try (TwoPhaseTransactions transactions = banks.coordinator("one", banks.log(), operator)) {
            TransactionId id = TwoBanks.transfer(transactions, 10);

            assertThat(transactions.heuristics())
                    .containsExactly(
                            new HeuristicOutcome(id, Outcome.COMMIT, "one", TwoBanks.B, BranchState.ROLLED_BACK));
        }
    }

    @Test
    void the_coordinator_notices_what_was_committed_though_all_aborts() {
        AtomicReference<String> gid = new AtomicReference<>("");
        Probe operator = BrokenCoordinatorTest.once(Point.BEFORE_DECISION, "", () -> {
            gid.set(preparedAt(TwoBanks.B));
            byHand(TwoBanks.B, "commit", gid.get());
            TransactionId id = Gid.parse(gid.get()).orElseThrow().transaction();
            banks.log().settle(Map.of(id, "one"), LIMIT);
        });
        try (TwoPhaseTransactions transactions = banks.coordinator("one", banks.log(), operator)) {
            assertThatExceptionOfType(TransactionAbortedException.class)
                    .isThrownBy(() -> TwoBanks.transfer(transactions, 10));

            assertThat(transactions.heuristics()).singleElement().satisfies(found -> {
                assertThat(found.decided()).isEqualTo(Outcome.ABORT);
                assertThat(found.participant()).isEqualTo(TwoBanks.B);
                assertThat(found.found()).isEqualTo(BranchState.COMMITTED);
            });
        }
    }

    @Test
    void a_branch_of_which_nobody_knows_is_told_too() {
        TransactionId id = TwoBanks.newId();
        banks.prepare(TwoBanks.A, TwoBanks.gid("one", id, TwoBanks.A).text(), -10);
        // A number that this server has not given out yet: it was another server's.
        banks.decideCommit("one", id, List.of(new Decision.Branch(TwoBanks.B, "4000000000")));

        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            transactions.recover();

            assertThat(transactions.heuristics())
                    .extracting(HeuristicOutcome::found)
                    .containsExactly(BranchState.UNKNOWN);
        }
    }

    private void byHand(String bank, String verb, String gid) {
        banks.jdbc(bank).execute(verb + " prepared '" + gid + "'");
    }

    private String preparedAt(String bank) {
        return banks.prepared().stream()
                .filter(gid -> gid.endsWith(bank))
                .findFirst()
                .orElseThrow();
    }
}
