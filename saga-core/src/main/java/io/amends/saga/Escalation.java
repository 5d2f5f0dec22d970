package io.amends.saga;

/** What follows once a saga's deadline has passed or a step's attempts are spent. */
public enum Escalation {
    /**
     * Turn back while that is possible: what has, or may have, had an effect is compensated. Once the pivot was asked
     * there is no way back, and the instance is parked.
     */
    COMPENSATE,
    /** Stop as {@code STUCK} and wait for an operator. */
    PARK,
    /** Say so, and go on: the deadline is over, the step is tried further at its longest wait. */
    ALERT_ONLY
}
