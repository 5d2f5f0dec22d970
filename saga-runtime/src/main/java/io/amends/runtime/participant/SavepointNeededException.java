package io.amends.runtime.participant;

/**
 * What a handler wrote has to be undone, because it rejected its command or waits for a semantic lock, and can't be undone
 * alone; roll the transaction back and run it again with savepoints.
 */
final class SavepointNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SavepointNeededException() {
        super("A command was rejected or waits for a semantic lock", null, false, false);
    }
}
