package io.amends.saga.engine;

/** Why an instance turned back or is stuck. The names are stable: rows, pages and runbooks use them. */
public enum ReasonCode {
    /** A participant said no before the pivot; the instance compensates. Not a reason to be stuck. */
    REJECTED,
    /** A participant gave up on a forward step after its retries. */
    RETRIES_EXHAUSTED,
    /** A compensation could not be done: effects are left that should have been undone. */
    COMPENSATION_FAILED,
    /** The saga's own code threw, or a step that must succeed was rejected: repeating would not help. */
    NON_RETRYABLE
}
