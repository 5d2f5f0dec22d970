package io.amends.twopc;

import java.time.Duration;

/**
 * Until when something may take.
 *
 * @param at a time of the monotonic clock
 */
record Deadline(long at) {

    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
    }

    boolean isOver() {
        return System.nanoTime() - at > 0;
    }

    /** At least a millisecond, since zero means no limit to most. */
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, at - System.nanoTime()));
    }
}
