package io.amends.benchmarks.twopc;

import static io.amends.benchmarks.twopc.Figures.median;
import static io.amends.benchmarks.twopc.Figures.number;
import static io.amends.benchmarks.twopc.Figures.row;
import static io.amends.benchmarks.twopc.Figures.rule;

import io.amends.benchmarks.twopc.contender.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        return table(Measure.LOAD, options.inFlight()) + beside(Kind.NARAYANA) + beside(Kind.NARAYANA_TUNED);
    }

    /** The straw man test in words: at which loads two-phase commit is slower than that one, if at any. */
    private String beside(Kind yardstick) {
        Map<Integer, Double> ratios = new LinkedHashMap<>();
        for (int inFlight : options.inFlight()) {
            double[] all = ratios(Measure.LOAD, Kind.TWO_PHASE, yardstick, inFlight);
            if (all.length > 0) {
                ratios.put(inFlight, median(all));
            }
        }
        if (ratios.isEmpty()) {
            return "";
        }
        List<String> slower = ratios.entrySet().stream()
                .filter(ratio -> ratio.getValue() < 1)
                .map(ratio -> String.valueOf(ratio.getKey()))
                .toList();
        return "Beside %s, two-phase commit makes %s times as many transfers a second with %s in flight; it is slower %s.\n\n"
                .formatted(
                        yardstick.text(),
                        enumerated(ratios.values().stream().map(Figures::number).toList()),
                        enumerated(ratios.keySet().stream().map(String::valueOf).toList()),
                        slower.isEmpty() ? "at none of them" : "with " + enumerated(slower));
    }

    private static String enumerated(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
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
        double[] ratios = ratios(measure, kind, yardstick, inFlight);
        return ratios.length == 0 ? "" : number(median(ratios));
    }

    /** That of each round, ascending. */
    private double[] ratios(Measure measure, Kind kind, Kind yardstick, int inFlight) {
        return of(measure, kind, inFlight).stream()
                .flatMap(sample -> in(measure, yardstick, inFlight, sample.round()).stream()
                        .mapToObj(other -> sample.rate() / other))
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
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
                        "offset records",
                        "messages by protocol")
                + rule(1, 11));
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
                    number(cost.offsetRecords()),
                    // A command and a reply for each step; or to each branch prepare and commit, and its answers.
                    cost.kind() == Kind.SAGA ? "2 * 3 = 6" : "4n = 8"));
        }
        return text.append('\n').toString();
    }
}
