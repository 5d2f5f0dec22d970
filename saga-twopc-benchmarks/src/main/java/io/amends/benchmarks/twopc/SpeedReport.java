package io.amends.benchmarks.twopc;

import static io.amends.benchmarks.twopc.Figures.median;
import static io.amends.benchmarks.twopc.Figures.number;
import static io.amends.benchmarks.twopc.Figures.row;
import static io.amends.benchmarks.twopc.Figures.rule;

import io.amends.benchmarks.twopc.contender.Kind;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Speed and cost as Markdown: medians over the rounds, and ratios within each round before their median is taken. */
final class SpeedReport {

    static final double MILLI = 1e6;

    private final Options options;
    private final List<Sample> samples;

    SpeedReport(Options options, List<Sample> samples) {
        this.options = options;
        this.samples = samples;
    }

    /** What the figures were taken on. */
    static String machine(Options options) {
        return "Seed %d; %d rounds of %d s per figure; %d processors, %s, Java %s; PostgreSQL 18 (fsync on) and Kafka embedded.\n\n"
                .formatted(
                        options.seed(),
                        options.rounds(),
                        options.window().toSeconds(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"));
    }

    String load() {
        return table(Measure.LOAD, options.inFlight());
    }

    String hot() {
        return table(Measure.HOT, List.of(Rounds.HOT_IN_FLIGHT));
    }

    private String table(Measure measure, List<Integer> loads) {
        StringBuilder text = new StringBuilder(row(
                        "contender",
                        "in flight",
                        "transfers/s",
                        "lowest to highest round",
                        "p50 ms",
                        "p99 ms",
                        "of Narayana",
                        "of Narayana, tuned",
                        "CPU ms each",
                        "refused")
                + rule(1, 9));
        for (int inFlight : loads) {
            for (Kind kind : options.only()) {
                double[] rates = sorted(measure, kind, inFlight, Sample::rate);
                if (rates.length > 0) {
                    text.append(row(
                            kind.text(),
                            inFlight,
                            number(median(rates)),
                            number(rates[0]) + " to " + number(rates[rates.length - 1]),
                            number(median(sorted(measure, kind, inFlight, sample -> sample.p50() / MILLI))),
                            number(median(sorted(measure, kind, inFlight, sample -> sample.p99() / MILLI))),
                            ratio(measure, kind, Kind.NARAYANA, inFlight),
                            ratio(measure, kind, Kind.NARAYANA_TUNED, inFlight),
                            number(median(sorted(measure, kind, inFlight, Sample::cpuMillis))),
                            number(of(measure, kind, inFlight).stream()
                                    .mapToDouble(sample -> (double) sample.refused())
                                    .sum())));
                }
            }
        }
        return text.append('\n').toString();
    }

    private String ratio(Measure measure, Kind kind, Kind yardstick, int inFlight) {
        double[] ratios = of(measure, kind, inFlight).stream()
                .flatMap(sample -> in(measure, yardstick, inFlight, sample.round()).stream()
                        .mapToObj(other -> sample.rate() / other))
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return ratios.length == 0 ? "" : number(median(ratios));
    }

    private OptionalDouble in(Measure measure, Kind kind, int inFlight, int round) {
        return of(measure, kind, inFlight).stream()
                .filter(sample -> sample.round() == round && sample.completed() > 0)
                .mapToDouble(Sample::rate)
                .findAny();
    }

    List<Sample> of(Measure measure, Kind kind, int inFlight) {
        return samples.stream()
                .filter(sample -> sample.measure() == measure && sample.kind() == kind && sample.inFlight() == inFlight)
                .toList();
    }

    double[] sorted(Measure measure, Kind kind, int inFlight, ToDoubleFunction<Sample> value) {
        return of(measure, kind, inFlight).stream().mapToDouble(value).sorted().toArray();
    }

    /** What one transfer uses, beside what the protocol asks for. */
    static String costs(List<Cost> costs) {
        StringBuilder text = new StringBuilder(row(
                        "contender",
                        "forced writes",
                        "by protocol",
                        "bank a",
                        "bank b",
                        "coordinator",
                        "files",
                        "commits",
                        "statements",
                        "Kafka records",
                        "offset records")
                + rule(1, 10));
        for (Cost cost : costs) {
            text.append(row(
                    cost.kind().text(),
                    number(cost.allForced()),
                    cost.kind() == Kind.SAGA ? "7" : "2n + 1 = 5",
                    number(cost.forced().getOrDefault(Installation.BANKS.get(0), 0.0)),
                    number(cost.forced().getOrDefault(Installation.BANKS.get(1), 0.0)),
                    number(cost.forced().getOrDefault(Servers.COORDINATOR, 0.0)),
                    number(cost.forced().getOrDefault(Costs.FILES, 0.0)),
                    number(cost.commits()),
                    number(cost.statements()),
                    number(cost.records()),
                    number(cost.offsetRecords())));
        }
        return text.append('\n').toString();
    }
}
