package io.amends.saga.engine;

/** What became of an event. Nothing is ever ignored without a name. */
public enum Disposition {
    /** It changed the instance. */
    ACCEPTED,
    /** The same was accepted before; counted only. */
    DUPLICATE,
    /**
     * It answers a command that is no longer open and was never answered, or it is the error of an attempt that another one
     * has followed; recorded.
     */
    LATE,
    /** It says otherwise than the accepted reply; recorded. */
    CONTRADICTORY,
    /** Nobody had asked; recorded. */
    NOT_ASKED,
    /** It comes from another participant than the one that was asked; recorded. */
    WRONG_PARTICIPANT,
    /** The definition has no such step; recorded. */
    UNKNOWN_STEP,
    /** An operator asked for what is not possible as the instance stands; recorded. */
    NOT_ALLOWED,
    /** An operator gave a result that the saga's own code threw at; recorded. */
    RESULT_NOT_TAKEN;

    /** Whether the history keeps a line of it although nothing changed. */
    public boolean isRecorded() {
        return this != ACCEPTED && this != DUPLICATE;
    }
}
