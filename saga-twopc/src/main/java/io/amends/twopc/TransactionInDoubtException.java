package io.amends.twopc;

import org.jspecify.annotations.Nullable;

/**
 * It is not known yet whether the transaction commits: whoever could tell can't be reached. It is all or nothing all the
 * same, and recovery settles it. Do not try it again before {@link TwoPhaseTransactions#outcome} has told.
 */
public class TransactionInDoubtException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient TransactionId transaction;

    /** With its name, what is not known, and the trouble. */
    public TransactionInDoubtException(TransactionId transaction, String what, @Nullable Throwable cause) {
        super("Transaction %s is in doubt: %s".formatted(transaction, what), cause);
        this.transaction = transaction;
    }

    /** Which one. */
    public TransactionId transaction() {
        return transaction;
    }
}
