package io.amends.runtime.participant;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.Objects;

/** A handler threw: a technical error, after which everything of the transaction is rolled back. */
final class HandlerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean permanent;

    HandlerException(ReceivedCommand command, Throwable cause) {
        super(
                "The handler of %s threw for step '%s' of saga %s"
                        .formatted(
                                command.method().type(),
                                command.message().step(),
                                command.message().sagaId()),
                whatWasThrown(cause));
        this.permanent = command.method().permanent().test(whatWasThrown(cause));
    }

    /** A checked exception without what had to be wrapped around it, which would hide its class and its text. */
    private static Throwable whatWasThrown(Throwable thrown) {
        return thrown instanceof UndeclaredThrowableException wrapped
                ? Objects.requireNonNullElse(wrapped.getCause(), thrown)
                : thrown;
    }

    /** Whether running the handler again is useless. */
    boolean isPermanent() {
        return permanent;
    }
}
