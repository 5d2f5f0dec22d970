package io.amends.dashboard.stuck;

import io.amends.saga.definition.RetryPolicy;
import java.time.Duration;

/**
 * How long what is due may be late before it counts as stuck. How long a step may take is not among it: that is the step's
 * own timeout, attempts and waits.
 *
 * @param action how late timers may be, and how long after a step's own time its reply counts as overdue
 * @param unsent how long a message may lie in the outbox
 * @param absence for how long no process may have a version, as during a deployment
 * @param hotAttempts from how many attempts on a step counts as tried again and again
 */
public record StuckAllowances(Duration action, Duration unsent, Duration absence, int hotAttempts) {

    /** A minute for timers and messages, two for a deployment, three attempts. */
    public static final StuckAllowances DEFAULT =
            new StuckAllowances(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(2), 3);

    /** What a step may take whose definition no process has noted. */
    static final Duration UNKNOWN_STEP = RetryPolicy.DEFAULT.longest(RetryPolicy.DEFAULT_TIMEOUT);

    public StuckAllowances {
        if (action.isNegative() || unsent.isNegative() || absence.isNegative() || hotAttempts < 2) {
            throw new IllegalArgumentException(
                    "Allowances are not negative, and a step is hot after at least two attempts; got %s, %s, %s, %d."
                            .formatted(action, unsent, absence, hotAttempts));
        }
    }
}
