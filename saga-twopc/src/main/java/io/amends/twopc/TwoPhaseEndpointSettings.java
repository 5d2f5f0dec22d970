package io.amends.twopc;

import java.time.Duration;

/**
 * Limits of a {@link TwoPhaseEndpoint}.
 *
 * @param prepareTimeout how long work and prepare of a branch may take, even if the coordinator allows more
 * @param settleTimeout how long a commit or a rollback of a branch may take, even if the coordinator allows more
 * @param retention how long the end of a branch is remembered; longer than a request may be on its way
 */
public record TwoPhaseEndpointSettings(Duration prepareTimeout, Duration settleTimeout, Duration retention) {

    /** 30 seconds, 10 seconds, one day. */
    public static final TwoPhaseEndpointSettings DEFAULT =
            new TwoPhaseEndpointSettings(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofDays(1));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a time is shorter than a millisecond
     */
    public TwoPhaseEndpointSettings {
        atLeastOneMilli("prepareTimeout", prepareTimeout);
        atLeastOneMilli("settleTimeout", settleTimeout);
        atLeastOneMilli("retention", retention);
    }

    private static void atLeastOneMilli(String name, Duration time) {
        if (time.toMillis() < 1) {
            throw new IllegalArgumentException("%s is %s, but must be at least 1 ms".formatted(name, time));
        }
    }
}
