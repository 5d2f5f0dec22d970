package io.amends.runtime.participant;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How often a command whose handler threw is delivered again, and when: exponential backoff with full jitter. And how long
 * a command waits for a row that another transaction has locked, before it is set aside.
 *
 * @param attempts deliveries in all, the first included; at least 1
 * @param backoff the longest wait before the second delivery; doubles with each further one
 * @param backoffMax the longest wait ever
 * @param pollInterval how often due commands are looked for
 * @param lockTimeout how long a transaction waits for a lock, where its connection has no {@code lock_timeout} of its own;
 *     zero for as long as it takes
 * @param tellsErrors whether the answer that follows the last attempt tells the orchestrator class and message of what the
 *     handler threw
 */
public record RedeliverySettings(
        int attempts,
        Duration backoff,
        Duration backoffMax,
        Duration pollInterval,
        Duration lockTimeout,
        boolean tellsErrors) {

    /** Five deliveries within some seconds. */
    public static final RedeliverySettings DEFAULT = new RedeliverySettings(
            5, Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofMillis(200), Duration.ofSeconds(1));

    public RedeliverySettings {
        if (attempts < 1 || backoff.isNegative() || backoffMax.compareTo(backoff) < 0 || pollInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "Redelivery needs attempts >= 1, 0 <= backoff <= backoff-max and a poll interval of at least 1 ms; got attempts %d, backoff %s, backoff-max %s, poll interval %s."
                            .formatted(attempts, backoff, backoffMax, pollInterval));
        }
        if (lockTimeout.isNegative() || (!lockTimeout.isZero() && lockTimeout.toMillis() < 1)) {
            throw new IllegalArgumentException(
                    "A lock timeout is at least 1 ms, or zero for none; got %s.".formatted(lockTimeout));
        }
    }

    /** Errors are told. */
    public RedeliverySettings(
            int attempts, Duration backoff, Duration backoffMax, Duration pollInterval, Duration lockTimeout) {
        this(attempts, backoff, backoffMax, pollInterval, lockTimeout, true);
    }

    /** With the default lock timeout. */
    public RedeliverySettings(int attempts, Duration backoff, Duration backoffMax, Duration pollInterval) {
        this(attempts, backoff, backoffMax, pollInterval, DEFAULT.lockTimeout());
    }

    /** The wait after that many deliveries, in milliseconds; chance gives numbers from 0 to 1. */
    long waitMillis(int deliveries, DoubleSupplier chance) {
        double cap = Math.min(
                (double) backoffMax.toMillis(), backoff.toMillis() * Math.pow(2, Math.min(deliveries - 1, 30)));
        return (long) (cap * chance.getAsDouble());
    }
}
