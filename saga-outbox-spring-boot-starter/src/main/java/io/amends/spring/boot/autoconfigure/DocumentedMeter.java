package io.amends.spring.boot.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A meter that is registered where Micrometer is on the class path. Names, tags and units are stable: dashboards and alert
 * rules use them, and tests hold the documentation to them.
 */
public interface DocumentedMeter {

    /** What it measures with. */
    enum Kind {
        /** A number that only grows while the process runs. */
        COUNTER,
        /** A number that goes up and down. */
        GAUGE,
        /** How often, and how long. */
        TIMER,
        /** How often, and how much. */
        SUMMARY
    }

    /** The units. */
    final class Units {

        /** Plain numbers. */
        public static final @Nullable String NONE = null;

        /** Seconds, as Prometheus wants all times. */
        public static final String SECONDS = "seconds";

        private Units() {}
    }

    /** Its name as Micrometer has it, with dots. */
    String meterName();

    /** What it measures with. */
    Kind kind();

    /** What its value counts, such as seconds; null for plain numbers. */
    @Nullable
    String unit();

    /** Its tags. Each has few values: names out of definitions and words from a short list, never anything of a message. */
    List<String> tags();

    /** What it is. */
    String sentence();

    /** What Prometheus knows it as: with underscores and the unit, and a few more endings where it is more than a number. */
    default List<String> prometheusNames() {
        String plain = meterName().replace('.', '_');
        String name = unit() == null || plain.endsWith("_" + unit()) ? plain : plain + "_" + unit();
        return switch (kind()) {
            case COUNTER -> List.of(name + "_total");
            case GAUGE -> List.of(name);
            case TIMER, SUMMARY -> List.of(name + "_count", name + "_sum", name + "_max", name + "_bucket");
        };
    }
}
