package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The rounds. In each, every contender is measured once with each measure, one contender right after the other; their
 * order moves on by one from round to round, so that none profits from its place.
 */
final class Rounds {

    /**
     * At a few hundred messages a second the compilers of the JVMs are at work for many minutes, and take processors away
     * for several milliseconds at a time, which is what a 99th percentile would show.
     */
    private static final int WARM_UP_FACTOR = 10;

    private final Options options;
    private final Measurements measurements;
    private final SplittableRandom seeds;

    Rounds(Options options, Servers servers) {
        this.options = options;
        this.measurements = new Measurements(servers, options);
        this.seeds = new SplittableRandom(options.seed());
    }

    /** Measures everything, saying to standard error how far it is. */
    List<Sample> run() {
        System.err.printf("Seed %d%n", options.seed());
        if (!options.warmUp().isZero()) {
            for (Measure measure : options.measures()) {
                for (Kind kind : takingPart(measure)) {
                    warmUp(measure, kind);
                }
            }
        }
        List<Sample> samples = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Measure measure : options.measures()) {
                List<Kind> order = new ArrayList<>(takingPart(measure));
                Collections.rotate(order, -(round - 1));
                long seed = seeds.nextLong();
                for (Kind kind : order) {
                    Map<Figure, Double> figures = measure(measure, kind, seed);
                    System.err.printf(
                            Locale.ROOT,
                            "Round %d of %d, %s, %s: %s%n",
                            round,
                            options.rounds(),
                            measure,
                            kind.text(),
                            figures);
                    for (Map.Entry<Figure, Double> figure : figures.entrySet()) {
                        samples.add(new Sample(kind, figure.getKey(), round, figure.getValue()));
                    }
                }
            }
        }
        return samples;
    }

    private List<Kind> takingPart(Measure measure) {
        return options.only().stream()
                .filter(kind -> measure == Measure.APPEND ? !kind.readsTheLog() : !kind.appendsOnly())
                .toList();
    }

    private Map<Figure, Double> measure(Measure measure, Kind kind, long seed) {
        return switch (measure) {
            case APPEND -> measurements.append(kind, options.window(), seed);
            case DRAIN -> measurements.drain(kind, options.rowsOf(kind), seed);
            case LATENCY -> measurements.latency(kind, options.rate(), options.latencyWindow(), seed);
        };
    }

    private void warmUp(Measure measure, Kind kind) {
        System.err.printf("Warming up: %s, %s%n", measure, kind.text());
        switch (measure) {
            case APPEND -> measurements.append(kind, options.warmUp(), seeds.nextLong());
            case DRAIN -> {
                long start = System.nanoTime();
                // However often that goes: the rounds have the seeds that the first one decides.
                SplittableRandom own = seeds.split();
                // A single drain of a fast contender is over before its code is compiled.
                do {
                    measurements.drain(kind, options.rowsOf(kind), own.nextLong());
                } while (System.nanoTime() - start < options.warmUp().toNanos());
            }
            case LATENCY -> {
                measurements.latency(kind, options.rate() * WARM_UP_FACTOR, options.warmUp(), seeds.nextLong());
                // What is only gone through at a low rate.
                measurements.latency(kind, options.rate(), options.warmUp(), seeds.nextLong());
            }
        }
    }
}
