package io.amends.dashboard.stuck;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** For how long something is stuck, roughly. */
public enum AgeBucket {
    /** Less than five minutes. */
    MINUTES(Duration.ofMinutes(5)),
    /** Less than an hour. */
    HOUR(Duration.ofHours(1)),
    /** Less than a day. */
    DAY(Duration.ofDays(1)),
    /** A day or longer. */
    LONGER(null);

    private final @Nullable Duration below;

    AgeBucket(@Nullable Duration below) {
        this.below = below;
    }

    /** The time that it is shorter than, null for any. */
    public @Nullable Duration below() {
        return below;
    }

    /** Which one an age belongs to; one that has not begun is the first. */
    public static AgeBucket of(Duration age) {
        return Stream.of(values())
                .filter(bucket -> bucket.below == null || age.compareTo(bucket.below) < 0)
                .findFirst()
                .orElse(LONGER);
    }

    /** An expression for the name of the one that the seconds belong to. */
    static String sql(String seconds) {
        return "(array[%s])[1 + width_bucket(%s, array[%s]::numeric[])]"
                .formatted(
                        Stream.of(values())
                                .map(bucket -> "'" + bucket.name() + "'")
                                .collect(Collectors.joining(", ")),
                        seconds,
                        Stream.of(values())
                                .map(AgeBucket::below)
                                .flatMap(Stream::ofNullable)
                                .map(limit -> Long.toString(limit.toSeconds()))
                                .collect(Collectors.joining(", ")));
    }
}
