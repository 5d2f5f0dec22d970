package io.amends.dashboard.bulk;

/** What came of one saga's part of a run. */
public enum ItemState {
    /** Not ordered yet. */
    OPEN,
    /** Ordered; what comes of it is waited for. */
    ACCEPTED,
    /** The saga went on. */
    PROGRESSED,
    /** It failed as before. */
    FAILED_AGAIN,
    /** Nothing came of it in time. */
    NO_EFFECT,
    /** The saga changed after the run was started, or ended and was removed; nothing was done to it. Not a failure. */
    CHANGED,
    /** It was not possible as the saga stood. */
    REFUSED,
    /** It threw; nothing was done to the saga. */
    THREW
}
