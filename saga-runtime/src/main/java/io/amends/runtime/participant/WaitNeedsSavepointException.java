package io.amends.runtime.participant;

/** A command has to wait for a semantic lock, and what its handler wrote can't be undone alone; run it behind a savepoint. */
final class WaitNeedsSavepointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WaitNeedsSavepointException() {
        super("A command waits for a semantic lock", null, false, false);
    }
}
