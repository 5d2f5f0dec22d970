package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;

/**
 * One window of a steady load.
 *
 * @param measure which measure
 * @param kind who
 * @param inFlight how many transfers were in flight
 * @param round in which round
 * @param completed how many completed in it
 * @param nanos how long it was
 * @param p50 the median of what they took, in nanoseconds
 * @param p99 what the slowest hundredth took at the least, in nanoseconds
 * @param cpu time of all processes in it, in nanoseconds
 * @param refused how many were refused, outside the window too
 */
record Sample(
        Measure measure,
        Kind kind,
        int inFlight,
        int round,
        long completed,
        long nanos,
        long p50,
        long p99,
        long cpu,
        long refused) {

    /** CPU time of one transfer, in milliseconds. */
    double cpuMillis() {
        return cpu / 1e6 / Math.max(1, completed);
    }

    /** Transfers a second. */
    double rate() {
        return completed * 1e9 / nanos;
    }
}
