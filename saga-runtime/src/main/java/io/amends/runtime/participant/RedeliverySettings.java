package io.amends.runtime.participant;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How often a command whose handler threw is delivered again, and when: exponential backoff with full jitter.
 *
 * @param attempts deliveries in all, the first included; at least 1
 * @param backoff the longest wait before the second delivery; doubles with each further one
 * @param backoffMax the longest wait ever
 * @param pollInterval how often due commands are looked for
 */
public record RedeliverySettings(int attempts, Duration backoff, Duration backoffMax, Duration pollInterval) {

    /** Five deliveries within some seconds. */
    public static final RedeliverySettings DEFAULT =
            new RedeliverySettings(5, Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofMillis(200));

    public RedeliverySettings {
        if (attempts < 1 || backoff.isNegative() || backoffMax.compareTo(backoff) < 0 || pollInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "Redelivery needs attempts >= 1, 0 <= backoff <= backoff-max and a poll interval of at least 1 ms; got attempts %d, backoff %s, backoff-max %s, poll interval %s."
                            .formatted(attempts, backoff, backoffMax, pollInterval));
        }
    }

    /** The wait after that many deliveries, in milliseconds; chance gives numbers from 0 to 1. */
    long waitMillis(int deliveries, DoubleSupplier chance) {
        double cap = Math.min(
                (double) backoffMax.toMillis(), backoff.toMillis() * Math.pow(2, Math.min(deliveries - 1, 30)));
        return (long) (cap * chance.getAsDouble());
    }
}
