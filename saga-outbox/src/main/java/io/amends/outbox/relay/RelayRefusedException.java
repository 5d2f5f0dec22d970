package io.amends.outbox.relay;

/** A relay can't work on this database as it is; the message says what to do. */
public final class RelayRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With that message. */
    public RelayRefusedException(String message) {
        super(message);
    }
}
