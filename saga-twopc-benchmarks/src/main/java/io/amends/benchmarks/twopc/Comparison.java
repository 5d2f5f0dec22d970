package io.amends.benchmarks.twopc;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole run. */
final class Comparison {

    private static final String IMAGE = "![%s](images/%s.svg)\n\n";

    private Comparison() {}

    /**
     * Runs what the options ask for, and writes the page and its images if they ask for that.
     *
     * @return the report
     * @throws IllegalStateException if somebody has lost or made money, or left something behind
     */
    static String run(Options options) {
        System.err.printf("Seed %d%n", options.seed());
        try (Installation installation = new Installation(options)) {
            return run(options, installation);
        }
    }

    static String run(Options options, Installation installation) {
        Rounds rounds = new Rounds(options, installation);
        rounds.warmUp();
        List<Sample> samples = rounds.run();
        List<Cost> costs =
                options.measures().contains(Measure.COST) ? new Costs(options, installation).run() : List.of();
        Path write = options.write();
        String report = report(options, samples, costs, write == null ? null : new Charts(write.resolve("images")));
        if (write != null) {
            Page.write(write, report);
        }
        return report;
    }

    private static String report(Options options, List<Sample> samples, List<Cost> costs, @Nullable Charts charts) {
        SpeedReport speed = new SpeedReport(options, samples);
        StringBuilder text = new StringBuilder(SpeedReport.machine(options));
        if (options.measures().contains(Measure.LOAD)) {
            text.append("**Speed**, transfers between 1,000 accounts of each bank:\n\n")
                    .append(speed.load());
            if (charts != null) {
                charts.loads("saga-or-2pc-throughput", "Throughput", "transfers/s", options, speed, Sample::rate);
                charts.loads(
                        "saga-or-2pc-latency",
                        "Slowest hundredth of the transfers",
                        "ms",
                        options,
                        speed,
                        sample -> sample.p99() / SpeedReport.MILLI);
                text.append(IMAGE.formatted("Throughput by transfers in flight", "saga-or-2pc-throughput"));
                text.append(IMAGE.formatted("p99 by transfers in flight", "saga-or-2pc-latency"));
            }
        }
        if (options.measures().contains(Measure.HOT)) {
            text.append("**Hot accounts**, 90 % of the transfers between 2 accounts of each bank:\n\n")
                    .append(speed.hot());
        }
        if (!costs.isEmpty()) {
            text.append("**Cost** of a transfer, one in flight:\n\n").append(SpeedReport.costs(costs));
        }
        return text.toString();
    }
}
