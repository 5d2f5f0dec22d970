package io.amends.sample.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts outcomes and times. Safe for use by many threads. */
final class Tally {

    private final Map<String, Integer> byStatus = new TreeMap<>();
    private final List<Long> observedMicros = new ArrayList<>();
    private final List<Long> recordedMicros = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private int submitted;

    synchronized void submitted() {
        submitted++;
    }

    /**
     * A transfer that ended.
     *
     * @param observed from sending the request to seeing the end
     * @param recorded from the saga's first row to its last change, by the database's clock
     */
    synchronized void ended(String status, Duration observed, Duration recorded) {
        byStatus.merge(status, 1, Integer::sum);
        observedMicros.add(observed.toNanos() / 1_000);
        recordedMicros.add(recorded.toNanos() / 1_000);
    }

    /** A transfer that was refused at the door. */
    synchronized void refused(String reason) {
        refused.add(reason);
    }

    /** A transfer that is not terminal. */
    synchronized void open(String reason) {
        open.add(reason);
    }

    synchronized int count(String status) {
        return byStatus.getOrDefault(status, 0);
    }

    synchronized int ended() {
        return observedMicros.size();
    }

    synchronized List<String> refused() {
        return List.copyOf(refused);
    }

    synchronized List<String> open() {
        return List.copyOf(open);
    }

    synchronized String progress() {
        int ended = observedMicros.size();
        return "submitted %d, completed %d, compensated %d, in flight %d"
                .formatted(
                        submitted,
                        count("COMPLETED"),
                        count("COMPENSATED"),
                        submitted - ended - open.size() - refused.size());
    }

    synchronized String observed() {
        return percentiles(observedMicros);
    }

    synchronized String recorded() {
        return percentiles(recordedMicros);
    }

    private static String percentiles(List<Long> micros) {
        return micros.isEmpty()
                ? "none"
                : "p50 %.1f ms, p99 %.1f ms".formatted(percentile(micros, 50) / 1e3, percentile(micros, 99) / 1e3);
    }

    /** The smallest value that this many percent of the values do not exceed. */
    static long percentile(List<Long> values, int percent) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
    }
}
