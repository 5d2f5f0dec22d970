package io.amends.runtime.flow;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much may be on its way, and when a participant counts as down. Immutable.
 *
 * @param breaker when commands for a participant are held
 * @param starts when new sagas are slowed or refused
 * @param sagaLimits how many instances of a saga may run or compensate at once, by the saga's name; a soft limit, which
 *     several processes together may exceed by what they start in about a second
 * @param participantLimits how many actions may be open at a participant at once, by its name; a soft limit likewise
 */
public record FlowSettings(
        Breaking breaker, Starting starts, Map<String, Integer> sagaLimits, Map<String, Integer> participantLimits) {

    /** A breaker that needs much trouble to open, and no limits. */
    public static final FlowSettings DEFAULT =
            new FlowSettings(Breaking.DEFAULT, new Starting(null, null, Duration.ofSeconds(1)), Map.of(), Map.of());

    public FlowSettings {
        sagaLimits = Map.copyOf(sagaLimits);
        participantLimits = Map.copyOf(participantLimits);
        if (sagaLimits.values().stream().anyMatch(limit -> limit < 1)
                || participantLimits.values().stream().anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException(
                    "A limit must be at least 1; to let nothing through, hold the participant instead.");
        }
    }

    /**
     * When commands for a participant are held.
     *
     * @param enabled whether they are at all, but by an operator
     * @param failures how many missing replies and technical errors without an answer in between open the breaker, at
     *     least 1
     * @param pause how long everything is held before the first probes
     * @param pauseMax how long at most; the pause doubles with each probing that fails
     * @param probes how many held sagas are let through to probe, at least 1
     * @param probeTimeout how long an answer to a probe is waited for
     */
    public record Breaking(
            boolean enabled, int failures, Duration pause, Duration pauseMax, int probes, Duration probeTimeout) {

        /** Opens after 20 failures; pauses of 5 seconds up to a minute; 3 probes with 30 seconds. */
        public static final Breaking DEFAULT =
                new Breaking(true, 20, Duration.ofSeconds(5), Duration.ofMinutes(1), 3, Duration.ofSeconds(30));

        public Breaking {
            if (failures < 1 || probes < 1) {
                throw new IllegalArgumentException(
                        "A breaker needs failures >= 1 and probes >= 1, not %d and %d.".formatted(failures, probes));
            }
            if (pause.isNegative() || pauseMax.compareTo(pause) < 0 || probeTimeout.isNegative()) {
                throw new IllegalArgumentException(
                        "A breaker needs 0 <= pause <= pause-max and probe-timeout >= 0, not %s, %s and %s."
                                .formatted(pause, pauseMax, probeTimeout));
            }
        }
    }

    /**
     * When new sagas are slowed or refused.
     *
     * @param slowAfter from which age of the oldest unpublished message on a start waits, null for never
     * @param refuseAfter from which age on it is refused, null for never
     * @param waitAtMost how long a start waits at most; one within a transaction of the caller's never does
     */
    public record Starting(
            @Nullable Duration slowAfter, @Nullable Duration refuseAfter, Duration waitAtMost) {

        public Starting {
            if (waitAtMost.isNegative()
                    || (slowAfter != null && slowAfter.isNegative())
                    || (refuseAfter != null && refuseAfter.isNegative())) {
                throw new IllegalArgumentException("slow-after, refuse-after and start-wait can't be negative.");
            }
            if (slowAfter != null && refuseAfter != null && slowAfter.compareTo(refuseAfter) > 0) {
                throw new IllegalArgumentException(
                        "slow-after (%s) must not be longer than refuse-after (%s).".formatted(slowAfter, refuseAfter));
            }
        }

        boolean looksAtOutbox() {
            return slowAfter != null || refuseAfter != null;
        }
    }
}
