package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Contender;
import io.amends.benchmarks.outbox.contender.Kind;
import io.amends.benchmarks.outbox.contender.Message;
import io.amends.benchmarks.outbox.contender.Place;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One measurement of one contender at a time, each in a place of its own. Used by one thread. */
final class Measurements {

    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;
    private static final int ROWS_IN_TRANSACTION = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Servers servers;
    private final Options options;

    Measurements(Servers servers, Options options) {
        this.servers = servers;
        this.options = options;
    }

    /** What is done in a place. */
    private interface Work {
        Map<Figure, Double> in(Place place, Contender contender, Writers writers);
    }

    private Map<Figure, Double> inPlace(Kind kind, Work work) {
        Place place = servers.place();
        try (Contender contender = kind.open(place);
                Writers writers = new Writers(contender, options.writers())) {
            return work.in(place, contender, writers);
        } finally {
            servers.remove(place);
        }
    }

    Map<Figure, Double> append(Kind kind, Duration window, long seed) {
        List<Message> messages = Messages.of(10_000, seed);
        return inPlace(kind, (place, contender, writers) -> {
            writers.append(messages, window.dividedBy(4));
            Cpu before = servers.cpu();
            long begin = System.nanoTime();
            int appended = writers.append(messages, window);
            double seconds = (System.nanoTime() - begin) / SECOND;
            Cpu used = servers.cpu().since(before);
            return Map.of(
                    Figure.APPEND_RATE,
                    appended / seconds,
                    Figure.APPEND_TIME,
                    seconds * 1e3 * options.writers() / appended,
                    Figure.APPEND_CPU,
                    (used.jvm() + used.postgres()) / MICRO / appended);
        });
    }

    Map<Figure, Double> drain(Kind kind, int rows, long seed) {
        List<Message> messages = Messages.of(rows, seed);
        return inPlace(kind, (place, contender, writers) -> {
            try (Watcher watcher = new Watcher(place, rows)) {
                Cpu before;
                long begin;
                if (kind.readsTheLog()) {
                    // Whatever is committed before it runs it would have to be told of; so all is committed at once.
                    contender.start();
                    contender.append(messages);
                    before = servers.cpu();
                    begin = System.nanoTime();
                } else {
                    writers.fill(messages, ROWS_IN_TRANSACTION);
                    before = servers.cpu();
                    begin = System.nanoTime();
                    contender.start();
                }
                int arrived = watcher.await(options.drainLimit());
                Cpu used = servers.cpu().since(before);
                double seconds = Math.max(1, watcher.lastArrival() - begin) / SECOND;
                int each = Math.max(1, arrived);
                Map<Figure, Double> figures = new EnumMap<>(Figure.class);
                figures.put(Figure.DRAIN_RATE, arrived / seconds);
                figures.put(Figure.DRAIN_CPU, used.all() / MICRO / each);
                figures.put(Figure.DRAIN_CPU_JVM, used.jvm() / MICRO / each);
                figures.put(Figure.DRAIN_CPU_POSTGRES, used.postgres() / MICRO / each);
                figures.put(Figure.DRAIN_MISSING, (double) (rows - arrived));
                figures.put(Figure.REPEATS, (double) watcher.repeats());
                return figures;
            }
        });
    }

    Map<Figure, Double> latency(Kind kind, int rate, Duration window, long seed) {
        int settle = (int) (rate * options.settle().toNanos() / SECOND);
        int count = settle + (int) (rate * window.toNanos() / SECOND);
        long interval = (long) (SECOND / rate);
        List<Message> messages = Messages.of(count, seed);
        return inPlace(kind, (place, contender, writers) -> {
            try (Watcher watcher = new Watcher(place, count)) {
                contender.start();
                long[] committed = new long[count];
                Cpu before = servers.cpu();
                long begin = System.nanoTime() + 10_000_000;
                writers.steadily(messages::get, count, begin, interval, committed);
                int arrived = watcher.await(PATIENCE);
                Cpu used = servers.cpu().since(before);
                // The beginning is not counted: a relay takes its leases or partitions, a producer connects.
                double[] sinceCommit = new double[count - settle];
                double[] sinceDue = new double[count - settle];
                for (int i = settle; i < count; i++) {
                    long arrival = watcher.arrival(i) == 0 ? System.nanoTime() : watcher.arrival(i);
                    // It may arrive before the writer hears of its commit.
                    sinceCommit[i - settle] = Math.max(0, arrival - committed[i]) / MILLI;
                    sinceDue[i - settle] = (arrival - begin - i * interval) / MILLI;
                }
                Map<Figure, Double> figures = new EnumMap<>(Figure.class);
                figures.put(Figure.LATENCY_P50, percentile(sinceCommit, 0.5));
                figures.put(Figure.LATENCY_P99, percentile(sinceCommit, 0.99));
                figures.put(Figure.DUE_P50, percentile(sinceDue, 0.5));
                figures.put(Figure.DUE_P99, percentile(sinceDue, 0.99));
                figures.put(Figure.STEADY_CPU, used.all() / MICRO / count);
                figures.put(Figure.MISSING, (double) (count - arrived));
                return figures;
            }
        });
    }

    /** The smallest value that at least that share of the values does not exceed. */
    static double percentile(double[] values, double share) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        return ascending.length == 0 ? 0 : ascending[(int) Math.ceil(share * ascending.length) - 1];
    }
}
