package io.amends.twopc;

import java.time.Duration;

/**
 * Limits of a {@link TwoPhaseEndpoint}.
 *
 * @param prepareTimeout how long work and prepare of a branch may take, even if the coordinator allows more
 * @param settleTimeout how long a commit or a rollback of a branch may take, even if the coordinator allows more
 * @param retention how long the end of a branch is remembered; longer than a request may be on its way
 * @param concurrency how many branches are at work or at PREPARE at once, each with a connection. Fewer than the pool has: they
 *     may all wait for a lock of a prepared branch, whose commit needs a connection too
 */
public record TwoPhaseEndpointSettings(
        Duration prepareTimeout, Duration settleTimeout, Duration retention, int concurrency) {

    /** 30 seconds, 10 seconds, one day; 8 branches, for a pool of HikariCP has 10 connections by default. */
    public static final TwoPhaseEndpointSettings DEFAULT =
            new TwoPhaseEndpointSettings(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofDays(1), 8);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a time is shorter than a millisecond, or no branch may be at work
     */
    public TwoPhaseEndpointSettings {
        atLeastOneMilli("prepareTimeout", prepareTimeout);
        atLeastOneMilli("settleTimeout", settleTimeout);
        atLeastOneMilli("retention", retention);
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency is %d, but must be at least 1".formatted(concurrency));
        }
    }

    private static void atLeastOneMilli(String name, Duration time) {
        if (time.toMillis() < 1) {
            throw new IllegalArgumentException("%s is %s, but must be at least 1 ms".formatted(name, time));
        }
    }
}
