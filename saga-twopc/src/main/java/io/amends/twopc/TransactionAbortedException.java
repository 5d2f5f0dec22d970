package io.amends.twopc;

import org.jspecify.annotations.Nullable;

/** The transaction was rolled back as a whole: nothing of it happened, and it is safe to try it again. */
public class TransactionAbortedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient TransactionId transaction;
    private final Phase phase;
    private final @Nullable String branch;
    private final String reason;

    /**
     * @param transaction which one
     * @param phase in which phase it ended
     * @param branch which participant was the cause, null if none was
     * @param reason why, in words that may be logged
     * @param cause what was thrown, if anything was
     */
    public TransactionAbortedException(
            TransactionId transaction, Phase phase, @Nullable String branch, String reason, @Nullable Throwable cause) {
        super(
                "Transaction %s was rolled back in phase %s%s: %s. Nothing of it happened; it may be tried again."
                        .formatted(transaction, phase, branch == null ? "" : " because of branch " + branch, reason),
                cause);
        this.transaction = transaction;
        this.phase = phase;
        this.branch = branch;
        this.reason = reason;
    }

    /** Which one. */
    public TransactionId transaction() {
        return transaction;
    }

    /** In which phase it ended. */
    public Phase phase() {
        return phase;
    }

    /** Which participant was the cause; null if none was. */
    public @Nullable String branch() {
        return branch;
    }

    /** Why, without the rest of the message: what a participant that refused has said. */
    public String reason() {
        return reason;
    }
}
