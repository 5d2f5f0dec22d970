package io.amends.runtime.isolation;

import java.time.Duration;

/**
 * What a command does where another saga holds the lock. Whichever it is, its transaction never waits: a waiting command
 * is put aside and delivered again. Immutable.
 */
public final class LockMode {

    /** The longest that a command may wait. */
    public static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private static final LockMode FAIL_FAST = new LockMode(Duration.ZERO, false);

    private final Duration limit;
    private final boolean inOrder;

    private LockMode(Duration limit, boolean inOrder) {
        this.limit = limit;
        this.inOrder = inOrder;
    }

    /** Is refused at once. */
    public static LockMode failFast() {
        return FAIL_FAST;
    }

    /**
     * Waits without a place in a queue: who comes first once the lock is free has it. It never keeps others from a lock
     * that it can't use yet. All who wait so are delivered at each release; where many wait, a queue costs less.
     *
     * @param limit after which it is refused; more than zero, at most {@link #LONGEST_WAIT}
     */
    public static LockMode waitUpTo(Duration limit) {
        return new LockMode(checked(limit), false);
    }

    /**
     * Waits in the order of arrival: nobody who came later, in whatever mode, has the lock before.
     *
     * @param limit after which it is refused; more than zero, at most {@link #LONGEST_WAIT}
     */
    public static LockMode queueUpTo(Duration limit) {
        return new LockMode(checked(limit), true);
    }

    boolean waits() {
        return !limit.isZero();
    }

    boolean inOrder() {
        return inOrder;
    }

    Duration limit() {
        return limit;
    }

    private static Duration checked(Duration limit) {
        if (limit.toMillis() < 1 || limit.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(
                    "A wait for a lock lasts from 1 ms to %s, not %s.".formatted(LONGEST_WAIT, limit));
        }
        return limit;
    }

    @Override
    public String toString() {
        return waits() ? (inOrder ? "queue up to " : "wait up to ") + limit : "fail fast";
    }
}
