package io.amends.benchmarks;

import java.util.List;

/**
 * One window.
 *
 * @param way how transfers were carried out
 * @param inFlight how many were in flight
 * @param round in which round
 * @param transfers how many ended in it
 * @param nanos how long it was
 * @param p50 the median of what a transfer took, in nanoseconds
 * @param p99 what the slowest hundredth took at the least, in nanoseconds
 * @param used what they used together
 * @param statements those that took PostgreSQL longest, if that was asked for
 */
record Sample(
        Way way,
        int inFlight,
        int round,
        long transfers,
        long nanos,
        long p50,
        long p99,
        Meters used,
        List<StatementTime> statements) {

    /** Transfers per second. */
    double rate() {
        return transfers * 1e9 / nanos;
    }
}
