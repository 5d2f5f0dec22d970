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
        List<Trouble> troubles = Breaking.run(options, installation);
        Path write = options.write();
        String report =
                report(options, samples, costs, troubles, write == null ? null : new Charts(write.resolve("images")));
        if (write != null) {
            Page.write(write, report);
        }
        return report;
    }

    private static String report(
            Options options, List<Sample> samples, List<Cost> costs, List<Trouble> troubles, @Nullable Charts charts) {
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
        trouble(
                text,
                charts,
                "saga-or-2pc-bank-down",
                "Bank b's database stopped for %d s".formatted(options.down().toSeconds()),
                of(Measure.BANK_DOWN, troubles));
        trouble(
                text,
                charts,
                "saga-or-2pc-coordinator-killed",
                "Coordinator killed, and back after %d s"
                        .formatted(options.dead().toSeconds()),
                of(Measure.COORDINATOR_KILLED, troubles));
        return text.toString();
    }

    private static List<Trouble> of(Measure measure, List<Trouble> troubles) {
        return troubles.stream().filter(trouble -> trouble.measure() == measure).toList();
    }

    private static void trouble(
            StringBuilder text, @Nullable Charts charts, String file, String title, List<Trouble> troubles) {
        if (troubles.isEmpty()) {
            return;
        }
        text.append("**%s**, from second %s:\n\n"
                .formatted(title, Figures.number(troubles.get(0).brokenAt())));
        text.append(TroubleReport.table(troubles));
        if (charts != null) {
            TroubleReport.draw(charts, file, title, troubles);
            text.append(IMAGE.formatted("Transfers from bank to bank completed each second", file + "-completed"));
            text.append(IMAGE.formatted("Transfers from bank to bank that are open", file + "-open"));
            text.append(IMAGE.formatted("Transfers within bank a that are open", file + "-blocked"));
            text.append(IMAGE.formatted("Age of the oldest lock", file + "-locks"));
        }
    }
}
