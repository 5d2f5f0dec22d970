package io.amends.runtime.isolation;

/**
 * Leaves a handler whose command is put aside until a lock is free. Not a technical error: it does not count as an
 * attempt. A handler lets it pass; if it is caught nevertheless, what the handler then does is undone all the same.
 */
public final class LockWaitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LockWaitException(LockWait wait) {
        // Control flow, met often where locks are wanted much: without a stack trace.
        super("The command waits for " + wait.names(), null, false, false);
    }
}
