package io.amends.outbox.inbox;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How often a message whose handler throws is tried.
 *
 * @param attempts most attempts, at least 1; then it is parked
 * @param backoff longest pause after the first attempt; it doubles with each further one
 * @param backoffMax longest pause between two attempts
 */
public record RetrySettings(int attempts, Duration backoff, Duration backoffMax) {

    /** Five attempts, pauses from 200 ms to 30 s. */
    public static final RetrySettings DEFAULT = new RetrySettings(5, Duration.ofMillis(200), Duration.ofSeconds(30));

    public RetrySettings {
        if (attempts < 1 || backoff.isNegative() || backoff.compareTo(backoffMax) > 0) {
            throw new IllegalArgumentException(
                    "A message needs at least one attempt, and pauses of which the first is not the longest: %d attempts, %s to %s."
                            .formatted(attempts, backoff, backoffMax));
        }
    }

    /**
     * Full jitter, as in "Exponential Backoff And Jitter" of the AWS Architecture Blog.
     *
     * @param failed attempts that failed so far
     * @param chance from 0 to 1
     */
    long waitMillis(int failed, DoubleSupplier chance) {
        long longest = backoffMax.toMillis();
        int doublings = Math.min(failed - 1, 30);
        long doubled = backoff.toMillis() > longest >> doublings ? longest : backoff.toMillis() << doublings;
        return Math.round(doubled * chance.getAsDouble());
    }
}
