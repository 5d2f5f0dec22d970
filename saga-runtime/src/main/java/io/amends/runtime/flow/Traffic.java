package io.amends.runtime.flow;

import io.amends.runtime.SagaOverloadedException;

/**
 * What the orchestrator asks before it starts and sends, and what it tells of what it sees. Called for every message, so
 * nothing here goes to the database. What a transaction told and then did not commit is counted nevertheless, for about
 * a second. Safe for use by many threads.
 */
public interface Traffic {

    /** No limits and no memory. */
    Traffic FREE = new Traffic() {};

    /**
     * A saga is about to be started. Without a transaction of the caller's, this may wait, for a limited time.
     *
     * @throws SagaOverloadedException if it must not be started now
     */
    default void beforeStart(String sagaName) {}

    /** Whether actions for that participant wait. */
    default boolean isHeld(String participant) {
        return false;
    }

    /** An action was sent that was not open before. */
    default void opened(String participant) {}

    /** An action is open no longer. */
    default void closed(String participant) {}

    /** The participant gave an answer, whatever it says. */
    default void answered(String participant) {}

    /** The participant did not answer in time, or with a technical error. */
    default void failed(String participant) {}

    /** An instance runs or compensates that did not before. */
    default void begun(String sagaName) {}

    /** An instance runs or compensates no longer. */
    default void ended(String sagaName) {}
}
