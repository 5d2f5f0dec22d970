package io.amends.outbox.inbox;

/**
 * Another consumer of the same name has moved a partition on since this one looked. Nothing of the poll was done; when it
 * is delivered again, what the other has handled is left out.
 */
public final class FencedPollException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FencedPollException(String message) {
        super(message);
    }
}
