package io.amends.runtime.flow;

import io.amends.runtime.flow.FlowSettings.Breaking;
import io.amends.runtime.flow.FlowSettings.Starting;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Settings by the names of their properties. */
final class Overrides {

    private static final String PREFIX = "saga.flow.";
    private static final String SAGA_LIMITS = "saga-limits.";
    private static final String PARTICIPANT_LIMITS = "participant-limits.";
    private static final String NONE = "none";

    private Overrides() {}

    /**
     * The settings with those values instead.
     *
     * @throws IllegalArgumentException if there is no such setting, or a value can't be used
     */
    static FlowSettings apply(FlowSettings to, Map<String, String> values) {
        Breaking b = to.breaker();
        boolean enabled = b.enabled();
        int failures = b.failures();
        Duration pause = b.pause();
        Duration pauseMax = b.pauseMax();
        int probes = b.probes();
        Duration probeTimeout = b.probeTimeout();
        Duration slowAfter = to.starts().slowAfter();
        Duration refuseAfter = to.starts().refuseAfter();
        Duration wait = to.starts().waitAtMost();
        Map<String, Integer> sagas = new HashMap<>(to.sagaLimits());
        Map<String, Integer> participants = new HashMap<>(to.participantLimits());
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String name = entry.getKey();
            String value = entry.getValue();
            String setting = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
            switch (setting) {
                case "breaker.enabled" -> enabled = truth(name, value);
                case "breaker.failures" -> failures = number(name, value);
                case "breaker.pause" -> pause = duration(name, value);
                case "breaker.pause-max" -> pauseMax = duration(name, value);
                case "breaker.probes" -> probes = number(name, value);
                case "breaker.probe-timeout" -> probeTimeout = duration(name, value);
                case "slow-after" -> slowAfter = value.equals(NONE) ? null : duration(name, value);
                case "refuse-after" -> refuseAfter = value.equals(NONE) ? null : duration(name, value);
                case "start-wait" -> wait = duration(name, value);
                default -> {
                    if (setting.startsWith(SAGA_LIMITS)) {
                        limit(sagas, setting.substring(SAGA_LIMITS.length()), name, value);
                    } else if (setting.startsWith(PARTICIPANT_LIMITS)) {
                        limit(participants, setting.substring(PARTICIPANT_LIMITS.length()), name, value);
                    } else {
                        throw new IllegalArgumentException(
                                "There is no setting '%s' that can be changed while everything runs. There are saga.flow.breaker.(enabled, failures, pause, pause-max, probes, probe-timeout), saga.flow.(slow-after, refuse-after, start-wait), saga.flow.saga-limits.<saga> and saga.flow.participant-limits.<participant>."
                                        .formatted(name));
                    }
                }
            }
        }
        return new FlowSettings(
                new Breaking(enabled, failures, pause, pauseMax, probes, probeTimeout),
                new Starting(slowAfter, refuseAfter, wait),
                sagas,
                participants);
    }

    private static void limit(Map<String, Integer> limits, String of, String name, String value) {
        if (value.equals(NONE)) {
            limits.remove(of);
        } else {
            limits.put(of, number(name, value));
        }
    }

    private static boolean truth(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unusable(name, value, "true or false", null);
        };
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException thrown) {
            throw unusable(name, value, "a whole number", thrown);
        }
    }

    private static Duration duration(String name, String value) {
        try {
            return DurationFormatterUtils.detectAndParse(value.strip());
        } catch (IllegalArgumentException thrown) {
            throw unusable(name, value, "a duration such as 500ms, 30s or 5m", thrown);
        }
    }

    private static IllegalArgumentException unusable(
            String name, String value, String wanted, @Nullable Exception thrown) {
        return new IllegalArgumentException("%s can't be '%s'; it is %s.".formatted(name, value, wanted), thrown);
    }
}
