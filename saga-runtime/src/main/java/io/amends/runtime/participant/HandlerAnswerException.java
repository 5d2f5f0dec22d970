package io.amends.runtime.participant;

/**
 * A handler's method answered with what is no answer to its command. Calling it again would not help. Its text names
 * classes and nothing of a message, so that logs may have it.
 */
final class HandlerAnswerException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    HandlerAnswerException(String text) {
        super(text);
    }
}
