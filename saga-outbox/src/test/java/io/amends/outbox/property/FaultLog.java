package io.amends.outbox.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What was done to the servers and relays, and when. Safe for use by many threads. */
final class FaultLog {

    /** How long a fault may have its effects later. */
    private static final long REACH_MILLIS = 3_000;

    private final long start = System.currentTimeMillis();
    private final List<Line> lines = new ArrayList<>();

    private record Line(long at, String text) {}

    synchronized void note(String text) {
        lines.add(new Line(System.currentTimeMillis(), text));
    }

    /** What happened around that time. */
    synchronized String around(long from, long to) {
        String text = lines.stream()
                .filter(line -> line.at() > from - REACH_MILLIS && line.at() < to + REACH_MILLIS)
                .map(this::text)
                .collect(Collectors.joining("\n      "));
        return "between %s and %s\n      %s".formatted(seconds(from), seconds(to), text);
    }

    synchronized String all() {
        return lines.stream().map(this::text).collect(Collectors.joining("\n      ", "      ", ""));
    }

    private String text(Line line) {
        return seconds(line.at()) + " " + line.text();
    }

    private String seconds(long at) {
        return String.format(Locale.ROOT, "%.3f s", (at - start) / 1000.0);
    }
}
