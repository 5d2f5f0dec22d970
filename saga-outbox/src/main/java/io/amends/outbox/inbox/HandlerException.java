package io.amends.outbox.inbox;

import java.util.Objects;

/** Wraps what a handler threw, to tell it from trouble of our own. */
final class HandlerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HandlerException(Throwable thrown) {
        super(thrown);
    }

    /** What the handler threw, or what went wrong around it. */
    static Throwable told(Throwable thrown) {
        return thrown instanceof HandlerException ? Objects.requireNonNull(thrown.getCause()) : thrown;
    }
}
