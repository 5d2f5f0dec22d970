package io.amends.saga.engine;

/** Where one step of an instance stands. */
public enum StepStatus {
    /** Not begun. */
    PENDING,
    /** Its command was sent; the reply is awaited. */
    SENT,
    /** The participant did it. */
    SUCCEEDED,
    /** The participant said no; it changed nothing. */
    REJECTED,
    /** Whether it had an effect is not known. */
    UNKNOWN,
    /** Its compensation was sent; the reply is awaited. */
    COMPENSATING,
    /** Its effect was undone. */
    COMPENSATED,
    /** Its compensation could not be done. */
    COMPENSATION_FAILED,
    /** Not needed: its command was empty, or the instance turned back before it could have an effect. */
    SKIPPED
}
