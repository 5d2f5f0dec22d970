package io.amends.twopc;

/**
 * Who coordinates.
 *
 * @param installation all coordinators that share a decision log; recovery touches prepared transactions of this name only
 * @param coordinator this process. Another process must not have the same name at the same time: each would take the
 *     other's running transactions for its own of before a crash, and abort them. That is safe, but nothing gets done. A
 *     name that changes at each start is safe too; then what a crash left behind is settled later, see
 *     {@link TwoPhaseSettings#takeOverAfter}
 */
public record CoordinatorName(String installation, String coordinator) {

    /**
     * @throws IllegalArgumentException if a name has another character than letters, digits, {@code _}, {@code .} and {@code -}
     */
    public CoordinatorName {
        Gid.requirePart("installation", installation);
        Gid.requirePart("coordinator", coordinator);
    }

    /** The name of a branch of a transaction of this coordinator. */
    Gid gid(TransactionId transaction, String branch) {
        return new Gid(installation, coordinator, transaction, branch);
    }
}
