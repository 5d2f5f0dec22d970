package io.amends.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The rounds. In each, every way is measured once at every load; the order of the ways moves on by one from round to
 * round, so that none profits from its place.
 */
final class Benchmark {

    private final BenchmarkOptions options;
    private final Installation installation;
    private final SplittableRandom seeds;
    private long ended;
    private long endedSagas;

    Benchmark(BenchmarkOptions options, Installation installation) {
        this.options = options;
        this.installation = installation;
        this.seeds = new SplittableRandom(options.seed());
    }

    /**
     * Measures everything, saying to standard error how far it is.
     *
     * @throws IllegalStateException if a transfer did not end, or did not end right
     */
    Results run() {
        System.err.printf("Seed %d%n", options.seed());
        for (Way way : options.ways()) {
            installation.open(way);
            measure(way, Collections.max(options.inFlight()), 0, options.warmUp(), Duration.ofMillis(1));
            installation.closeRoles();
        }
        List<Sample> samples = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            List<Way> order = new ArrayList<>(options.ways());
            Collections.rotate(order, -(round - 1));
            for (Way way : order) {
                installation.open(way);
                for (int inFlight : options.inFlight()) {
                    Sample sample = measure(way, inFlight, round, options.settle(), options.window());
                    samples.add(sample);
                    System.err.printf(
                            Locale.ROOT,
                            "Round %d of %d, %s, %d in flight: %.0f/s%n",
                            round,
                            options.rounds(),
                            way.text(),
                            inFlight,
                            sample.rate());
                }
                installation.closeRoles();
            }
        }
        installation.check(ended);
        return new Results(
                List.copyOf(samples), endedSagas, installation.meters().records());
    }

    private Sample measure(Way way, int inFlight, int round, Duration settle, Duration window) {
        ask("load %d %d".formatted(inFlight, seeds.nextLong()));
        pause(settle);
        // The first reading takes longer than later ones, which must take the same time before and after the window.
        installation.meters();
        installation.forgetStatements();
        ask("mark");
        Meters before = installation.meters();
        pause(window);
        String[] result = ask("mark").split(" ", -1);
        Meters used = installation.meters().since(before);
        List<StatementTime> statements = installation.topStatements();
        long drained = Long.parseLong(ask("drain"));
        ended += drained;
        endedSagas += way == Way.PLAIN ? 0 : drained;
        return new Sample(
                way,
                inFlight,
                round,
                Long.parseLong(result[0]),
                Long.parseLong(result[1]),
                Long.parseLong(result[2]),
                Long.parseLong(result[3]),
                used,
                statements);
    }

    private String ask(String question) {
        return installation.ask(Installation.TRANSFER, question);
    }

    private static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
