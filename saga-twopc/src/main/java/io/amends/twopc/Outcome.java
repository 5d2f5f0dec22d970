package io.amends.twopc;

/** What was decided of a transaction, once and for all. */
public enum Outcome {
    /** Every branch is committed, or will be. */
    COMMIT,
    /** Every branch is rolled back, or will be. */
    ABORT
}
