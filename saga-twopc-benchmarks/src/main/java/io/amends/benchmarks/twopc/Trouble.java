package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;
import java.util.List;

/**
 * What came of breaking something.
 *
 * @param measure what was broken
 * @param kind with whom
 * @param moments a look every quarter of a second or so
 * @param brokenAt when it broke, in seconds from the first moment
 * @param backAt when it was started again
 * @param completed transfers from bank to bank that completed
 * @param refused those that were refused
 * @param unknown those of which the caller was not told what became of them
 * @param done transfers within bank a that were carried out
 * @param refusedWithin those that gave up a lock
 * @param blockedWithin those that took longer than a second, or gave up
 * @param longestWithin what the slowest took, in seconds
 * @param inDoubt branches that were prepared when it broke
 * @param longestLock how long a lock was seen to be held, in seconds
 * @param resolved seconds from then until everything was ended that had begun before; infinite if that was never
 */
record Trouble(
        Measure measure,
        Kind kind,
        List<Moment> moments,
        double brokenAt,
        double backAt,
        long completed,
        long refused,
        long unknown,
        long done,
        long refusedWithin,
        long blockedWithin,
        double longestWithin,
        long inDoubt,
        double longestLock,
        double resolved) {

    /**
     * One look.
     *
     * @param second from the first
     * @param completed transfers from bank to bank until then
     * @param open those that had begun and not ended
     * @param openWithin the same within bank a
     * @param oldestLock how long somebody had held a lock, in seconds
     */
    record Moment(double second, long completed, int open, int openWithin, double oldestLock) {}
}
