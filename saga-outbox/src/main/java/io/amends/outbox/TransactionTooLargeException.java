package io.amends.outbox;

/** One transaction wanted to append more than {@link OutboxLimits} allow. Nothing of the refused call was appended. */
public final class TransactionTooLargeException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** With the trouble in words. */
    public TransactionTooLargeException(String message) {
        super(message);
    }
}
