package io.amends.dashboard.live;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations in buckets of which each is a tenth wider than the one before, so that a quantile is told to about five
 * per cent with a few hundred numbers, however many durations there were. Safe for use by many threads.
 */
final class Latencies {

    private static final double WIDER = Math.log(1.1);
    /** The last one begins at more than a year. */
    private static final int BUCKETS = 256;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);

    void add(long millis) {
        counts.incrementAndGet(bucket(millis));
    }

    private static int bucket(long millis) {
        return (int) Math.min(BUCKETS - 1, Math.round(Math.log1p((double) Math.max(0, millis)) / WIDER));
    }

    private static long millis(int bucket) {
        return Math.round(Math.expm1(bucket * WIDER));
    }

    /** What was counted since the last call, which forgets it. */
    Quantiles take() {
        int[] taken = new int[BUCKETS];
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            taken[i] = counts.getAndSet(i, 0);
            all += taken[i];
        }
        return all == 0 ? Quantiles.NONE : new Quantiles(at(taken, all, 0.5), at(taken, all, 0.99));
    }

    private static Long at(int[] taken, long all, double part) {
        long wanted = (long) Math.ceil(all * part);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += taken[i];
            if (seen >= wanted) {
                return millis(i);
            }
        }
        return millis(BUCKETS - 1);
    }

    /**
     * In milliseconds.
     *
     * @param p50 half of them took no longer, null if there were none
     * @param p99 99 of a hundred took no longer, null if there were none
     */
    record Quantiles(@Nullable Long p50, @Nullable Long p99) {

        static final Quantiles NONE = new Quantiles(null, null);
    }
}
