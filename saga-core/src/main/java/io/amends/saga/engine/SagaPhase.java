package io.amends.saga.engine;

/** Where an instance stands as a whole. */
public enum SagaPhase {
    /** Going forward. */
    RUNNING,
    /** A step was rejected before the pivot succeeded: earlier steps are being compensated. */
    COMPENSATING,
    /** Every step succeeded or was skipped. Terminal. */
    COMPLETED,
    /** Every step with an effect was compensated. Terminal. */
    COMPENSATED,
    /** Nothing automatic is due that could move the instance; it waits for an operator. */
    STUCK;

    /** Whether no event changes the instance any more. */
    public boolean isTerminal() {
        return this == COMPLETED || this == COMPENSATED;
    }
}
