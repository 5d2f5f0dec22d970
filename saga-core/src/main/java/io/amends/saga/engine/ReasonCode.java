package io.amends.saga.engine;

/** Why an instance turned back or is stuck. The names are stable: rows, pages and runbooks use them. */
public enum ReasonCode {
    /** A participant said no before the pivot; the instance compensates. Not a reason to be stuck. */
    REJECTED,
    /** The attempts at a forward step are spent: it was answered with errors, or not at all. */
    RETRIES_EXHAUSTED,
    /** A compensation could not be done: effects are left that should have been undone. */
    COMPENSATION_FAILED,
    /** The saga's own code threw, or a step that must succeed was rejected: repeating would not help. */
    NON_RETRYABLE,
    /** The saga's deadline has passed. */
    DEADLINE_BREACHED,
    /** An operator turned the instance back. Not a reason to be stuck. */
    CANCELLED,
    /** An operator ended the instance by hand. Not a reason to be stuck. */
    RESOLVED_BY_HAND,
    /** No running process has the definition's version. */
    NO_HANDLER_VERSION
}
