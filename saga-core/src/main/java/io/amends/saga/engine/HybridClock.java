package io.amends.saga.engine;

/**
 * A hybrid logical clock: 48 bits of physical milliseconds and a 16-bit counter in one long, so that stamps sort by
 * happened-before even where machines' clocks disagree. After Kulkarni et al., "Logical Physical Clocks and Consistent
 * Snapshots in Globally Distributed Databases" (2014). Pure: the physical time is passed in.
 */
public final class HybridClock {

    private static final int COUNTER_BITS = 16;

    private HybridClock() {}

    /**
     * The stamp of the next event: later than both stamps, and not earlier than the physical time.
     *
     * @param last the instance's last stamp, 0 if none
     * @param received the stamp of the message that caused the event, 0 if none
     * @param nowMillis physical time in milliseconds since 1970
     */
    public static long next(long last, long received, long nowMillis) {
        return Math.max(Math.max(last, received) + 1, nowMillis << COUNTER_BITS);
    }

    /** The counter's part of a stamp: which one it is of those with that time. */
    public static int counter(long stamp) {
        return (int) (stamp & ((1 << COUNTER_BITS) - 1));
    }

    /** The physical part of a stamp, in milliseconds since 1970. */
    public static long millis(long stamp) {
        return stamp >>> COUNTER_BITS;
    }
}
