package io.amends.runtime.participant;

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
                cause);
        this.permanent = command.method().permanent().test(cause);
    }

    /** Whether running the handler again is useless. */
    boolean isPermanent() {
        return permanent;
    }
}
