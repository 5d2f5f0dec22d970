package io.amends.outbox;

/** The outbox was used outside a transaction, where a message could not be tied to anything. Nothing was appended. */
public final class NoTransactionException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** With the trouble in words. */
    public NoTransactionException(String message) {
        super(message);
    }
}
