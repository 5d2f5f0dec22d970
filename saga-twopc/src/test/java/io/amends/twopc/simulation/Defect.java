package io.amends.twopc.simulation;

/** What can be broken in a protocol on purpose, to see that the checks notice it. */
enum Defect {
    NONE,

    /** A bank that voted yes gives up after a while. */
    BANK_ABORTS_BY_TIMEOUT,
    /** A bank that crashes has forgotten that it voted yes. */
    PROMISE_IS_NOT_DURABLE,
    /** The coordinator tells of a decision that a crash makes it forget. */
    DECISION_IS_NOT_DURABLE,
    /** The coordinator takes a bank that did not answer for one that agreed. */
    SILENCE_IS_A_YES,

    /** A backup coordinator of three-phase commit decides without bringing the others to its state first. */
    BACKUP_DECIDES_AT_ONCE,
    /** The coordinator of three-phase commit commits as soon as all have voted yes. */
    NO_PRECOMMIT
}
