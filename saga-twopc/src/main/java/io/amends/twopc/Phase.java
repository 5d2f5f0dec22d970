package io.amends.twopc;

/** How far a transaction came. */
public enum Phase {
    /** The caller's work ran. */
    WORK,
    /** The branches were asked whether they can commit. */
    PREPARE,
    /** The decision was written to the log. */
    DECISION,
    /** The branches were told the decision. */
    COMMIT
}
