package io.amends.dashboard.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stood at one moment, and what happened in the ten seconds before. Rates and times of sagas are those of this
 * process; what is stuck or unsent is the whole database's.
 *
 * @param at the moment, by this process's clock
 * @param started how many sagas were started, per second
 * @param completed how many were completed, per second
 * @param compensated how many were compensated, per second
 * @param stuck how many are told as stuck, without those of muted groups, null if the database did not tell
 * @param p50Ms half of those that ended took no longer, null if none ended
 * @param p99Ms 99 of a hundred took no longer, null if none ended
 * @param oldestUnsentMs how old the oldest message is that was not published, null if the database did not tell
 * @param oldestStuckMs for how long the first one is stuck, 0 if none is, null if the database did not tell
 */
public record ChartPoint(
        Instant at,
        double started,
        double completed,
        double compensated,
        @Nullable Long stuck,
        @Nullable Long p50Ms,
        @Nullable Long p99Ms,
        @Nullable Long oldestUnsentMs,
        @Nullable Long oldestStuckMs) {}
