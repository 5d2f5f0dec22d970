package io.amends.sample.transfer;

import io.amends.twopc.TransactionId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A transfer by two-phase commit, as it is stored.
 *
 * @param order what is asked for; its reason is why it came to nothing, or is in doubt
 * @param coordinator the process that makes it, by the name that it has in the log of decisions
 * @param transaction its newest run; null before the first
 * @param status where it stands
 * @param untold the banks that are not known to have committed, of one that commits
 */
record TwoPhaseTransfer(
        Transfer order,
        String coordinator,
        @Nullable TransactionId transaction,
        Status status,
        Set<String> untold,
        Instant createdAt,
        Instant updatedAt) {

    /** Both banks, or the one that has both accounts. */
    Set<String> banks() {
        return order.fromBank().equals(order.toBank())
                ? Set.of(order.fromBank())
                : Set.of(order.fromBank(), order.toBank());
    }

    /** What a client sees of the branch at that bank. */
    String branchAt(String bank) {
        return status == Status.DECIDED && !untold.contains(bank) ? Status.COMMITTED.branch : status.branch;
    }

    /** Where it stands. */
    enum Status {
        RUNNING("RUNNING", "PENDING"),
        /** Nobody can tell yet what was decided. */
        UNKNOWN("IN_DOUBT", "IN_DOUBT"),
        /** It commits, but a bank could not be told yet. */
        DECIDED("IN_DOUBT", "COMMIT_DECIDED"),
        COMMITTED("COMMITTED", "COMMITTED"),
        ABORTED("ABORTED", "ROLLED_BACK");

        private final String shown;
        private final String branch;

        Status(String shown, String branch) {
            this.shown = shown;
            this.branch = branch;
        }

        /** As a client sees it. */
        String shown() {
            return shown;
        }
    }
}
