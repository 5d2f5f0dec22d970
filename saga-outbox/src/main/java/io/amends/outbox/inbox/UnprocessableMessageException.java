package io.amends.outbox.inbox;

/** Thrown by a handler for a message that no further attempt can help. It is parked at once, with its key. */
public class UnprocessableMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what is wrong, in words that may be logged. */
    public UnprocessableMessageException(String message) {
        super(message);
    }

    /** With what is wrong, in words that may be logged, and what showed it. */
    public UnprocessableMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
