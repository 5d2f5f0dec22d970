package io.amends.benchmarks.twopc.contender;

import java.util.Arrays;

/** Times that things took, all of them kept. Safe for use by many threads. */
final class Latencies {

    private long[] nanos = new long[4096];
    private int size;

    /** Adds one. */
    synchronized void add(long took) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = took;
    }

    /** Those since the last call, in nanoseconds, ascending. */
    synchronized long[] take() {
        long[] taken = Arrays.copyOf(nanos, size);
        size = 0;
        Arrays.sort(taken);
        return taken;
    }

    /**
     * The smallest value that at least that share of the values does not exceed.
     *
     * @param ascending the values
     * @param share more than 0, at most 1
     * @return 0 if there is no value
     */
    static long percentile(long[] ascending, double share) {
        return ascending.length == 0 ? 0 : ascending[(int) Math.ceil(share * ascending.length) - 1];
    }
}
