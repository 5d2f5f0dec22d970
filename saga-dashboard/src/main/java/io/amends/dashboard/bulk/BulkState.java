package io.amends.dashboard.bulk;

/** Where a run stands. */
public enum BulkState {
    /** It is planned, and takes the sagas that match when it is started. */
    PREVIEW,
    /** It is carried out. */
    RUNNING,
    /** Somebody holds it; it can be resumed. */
    PAUSED,
    /** Somebody ended it; what was not done stays undone. */
    CANCELLED,
    /** All of it was done; what came of each says its items. */
    DONE,
    /** Too much of it failed; it can be resumed. */
    STOPPED
}
