package io.amends.saga.definition;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often and after what waits something is tried again. Immutable. The waits are the "full jitter" of Marc Brooker's
 * article "Exponential Backoff and Jitter": an even draw between zero and a cap that grows exponentially.
 *
 * @param attempts how often it is tried at most, at least 1
 * @param backoff the wait after the first error, or its upper bound with jitter
 * @param backoffMax the longest wait
 * @param multiplier by what the wait grows with each error, at least 1
 * @param jitter whether waits are drawn by chance
 * @param within how long all attempts may take together, null for no limit
 * @param permanent tells exceptions of local steps after which another attempt is useless
 */
public record RetryPolicy(
        int attempts,
        Duration backoff,
        Duration backoffMax,
        double multiplier,
        boolean jitter,
        @Nullable Duration within,
        Predicate<Throwable> permanent) {

    /** Ten attempts; waits of one second, doubling up to a minute, with jitter. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(10, Duration.ofSeconds(1), Duration.ofMinutes(1), 2, true, null, thrown -> false);

    /** Half a minute: how long a reply may take where nothing else is declared. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private static final double MOST_MILLIS = Duration.ofDays(36_500).toMillis();

    /** From then on each wait counts as the longest one. */
    private static final int GROWING = 100;

    public RetryPolicy {
        if (attempts < 1 || backoff.isNegative() || backoffMax.compareTo(backoff) < 0 || !(multiplier >= 1)) {
            throw new IllegalArgumentException(
                    "A retry policy needs attempts >= 1, 0 <= backoff <= backoffMax and multiplier >= 1; got %d, %s, %s, %s."
                            .formatted(attempts, backoff, backoffMax, multiplier));
        }
        if (within != null && (within.isNegative() || within.isZero())) {
            throw new IllegalArgumentException("The time for all attempts must be longer than zero, not " + within);
        }
    }

    /** The same with that many attempts. */
    public RetryPolicy withAttempts(int number) {
        return new RetryPolicy(number, backoff, backoffMax, multiplier, jitter, within, permanent);
    }

    /** The same with those waits. */
    public RetryPolicy withBackoff(Duration first, Duration longest) {
        return new RetryPolicy(attempts, first, longest, multiplier, jitter, within, permanent);
    }

    /** The same, with waits of exactly the computed length. */
    public RetryPolicy withoutJitter() {
        return new RetryPolicy(attempts, backoff, backoffMax, multiplier, false, within, permanent);
    }

    /** The same, with a limit for all attempts together. */
    public RetryPolicy within(Duration limit) {
        return new RetryPolicy(attempts, backoff, backoffMax, multiplier, jitter, limit, permanent);
    }

    /** The same, without another attempt of a local step after such exceptions. */
    public RetryPolicy notAfter(Predicate<Throwable> exceptions) {
        return new RetryPolicy(attempts, backoff, backoffMax, multiplier, jitter, within, exceptions);
    }

    /**
     * The wait after that many failed attempts.
     *
     * @param failed at least 1
     * @param chance from 0 (inclusive) to 1 (exclusive)
     */
    public Duration waitAfter(int failed, double chance) {
        double longest = (double) backoffMax.toMillis();
        double grown = Math.min(longest, backoff.toMillis() * Math.pow(multiplier, Math.min(failed - 1, 1000)));
        return Duration.ofMillis((long) (jitter ? grown * chance : grown));
    }

    /**
     * How long all attempts and the waits between them can take, whatever chance says: who waits longer than that for an
     * answer waits too long. At most a hundred years.
     *
     * @param timeout how long a reply to one attempt may take, longer than zero
     */
    public Duration longest(Duration timeout) {
        int grown = Math.min(attempts, GROWING);
        double all = (double) timeout.toMillis() * attempts + (double) (attempts - grown) * backoffMax.toMillis();
        for (int failed = 1; failed < grown; failed++) {
            all += withoutJitter().waitAfter(failed, 0).toMillis();
        }
        Duration longest = Duration.ofMillis((long) Math.min(all, MOST_MILLIS));
        // The last attempt may begin at the end of that time.
        return within == null || within.plus(timeout).compareTo(longest) > 0 ? longest : within.plus(timeout);
    }

    /** The longest wait, and no less than a second: between attempts that have no end. */
    public Duration waitWithoutEnd() {
        return backoffMax.compareTo(DEFAULT.backoff()) < 0 ? DEFAULT.backoff() : backoffMax;
    }
}
