package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The measures of speed. In each round every contender is measured once with each load, one contender right after the
 * other; their order moves on by one from round to round, so that none profits from its place.
 */
final class Rounds {

    /** Of the transfers, when accounts are hot. */
    static final double HOT_SHARE = 0.9;

    static final int HOT_IN_FLIGHT = 32;

    private final Options options;
    private final Installation installation;
    private final SplittableRandom seeds;

    Rounds(Options options, Installation installation) {
        this.options = options;
        this.installation = installation;
        this.seeds = new SplittableRandom(options.seed());
    }

    /** Everyone works for a while at a middle load. */
    void warmUp() {
        if (options.warmUp().isZero()) {
            return;
        }
        for (Kind kind : options.only()) {
            System.err.println("Warming up: " + kind.text());
            installation.open(kind);
            measure(Measure.LOAD, kind, HOT_IN_FLIGHT, 0, options.warmUp(), Duration.ofMillis(1));
            installation.close(kind);
            installation.audit().check(Measure.LOAD, kind);
        }
    }

    /** Measures, saying to standard error how far it is. */
    List<Sample> run() {
        List<Sample> samples = new ArrayList<>();
        if (!options.measures().contains(Measure.LOAD) && !options.measures().contains(Measure.HOT)) {
            return samples;
        }
        for (int round = 1; round <= options.rounds(); round++) {
            List<Kind> order = new ArrayList<>(options.only());
            Collections.rotate(order, -(round - 1));
            for (Kind kind : order) {
                installation.open(kind);
                if (options.measures().contains(Measure.LOAD)) {
                    for (int inFlight : options.inFlight()) {
                        samples.add(measure(Measure.LOAD, kind, inFlight, round, options.settle(), options.window()));
                    }
                }
                if (options.measures().contains(Measure.HOT)) {
                    samples.add(measure(Measure.HOT, kind, HOT_IN_FLIGHT, round, options.settle(), options.window()));
                }
                installation.close(kind);
                installation.audit().check(Measure.LOAD, kind);
            }
        }
        return samples;
    }

    private Sample measure(Measure measure, Kind kind, int inFlight, int round, Duration settle, Duration window) {
        double hot = measure == Measure.HOT ? HOT_SHARE : 0;
        installation.ask(kind, "load %d %s %d %d".formatted(inFlight, hot, Long.MAX_VALUE, seeds.nextLong()));
        Pause.of(settle);
        long cpu = installation.cpu();
        installation.ask(kind, "mark");
        Pause.of(window);
        String[] result = installation.ask(kind, "mark").split(" ", -1);
        cpu = installation.cpu() - cpu;
        String[] ends = installation.ask(kind, "drain").split(" ", -1);
        installation.audit().told(Long.parseLong(ends[0]), Long.parseLong(ends[2]));
        Sample sample = new Sample(
                measure,
                kind,
                inFlight,
                round,
                Long.parseLong(result[0]),
                Long.parseLong(result[1]),
                Long.parseLong(result[2]),
                Long.parseLong(result[3]),
                cpu,
                Long.parseLong(ends[1]));
        if (round == 0) {
            return sample;
        }
        System.err.printf(
                Locale.ROOT,
                "Round %d of %d, %s, %s, %d in flight: %.0f/s, p50 %.2f ms, p99 %.2f ms, %.3f ms CPU, %d refused%n",
                round,
                options.rounds(),
                measure,
                kind.text(),
                inFlight,
                sample.rate(),
                sample.p50() / 1e6,
                sample.p99() / 1e6,
                sample.cpuMillis(),
                sample.refused());
        return sample;
    }
}
