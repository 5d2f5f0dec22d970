package io.amends.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The samples as Markdown: medians over the rounds, and ratios within each round before their median is taken. */
final class Report {

    private static final double MILLI = 1e6;

    private final BenchmarkOptions options;
    private final Results results;
    private final List<Sample> samples;
    private final StringBuilder text = new StringBuilder();

    private Report(BenchmarkOptions options, Results results) {
        this.options = options;
        this.results = results;
        this.samples = results.samples();
    }

    /** The report. */
    static String of(BenchmarkOptions options, Results results) {
        Report report = new Report(options, results);
        report.machine();
        report.speed();
        report.cost();
        report.statements();
        return report.text.toString();
    }

    private void machine() {
        line(
                "Seed %d; %d rounds of %s per figure after %s of the same load; %d processors, %s, Java %s.",
                options.seed(),
                options.rounds(),
                options.window().toString().substring(2).toLowerCase(Locale.ROOT),
                options.settle().toString().substring(2).toLowerCase(Locale.ROOT),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch"),
                System.getProperty("java.version"));
        line(
                "All %d sagas of the run wrote %s records each to the topics of commands and replies.",
                results.sagas(), number((double) results.records() / Math.max(1, results.sagas())));
        line("");
    }

    private void speed() {
        row("in flight", "way", "transfers/s", "lowest to highest round", "p50 ms", "p99 ms", "of the plain pair");
        row("---:", "---", "---:", "---:", "---:", "---:", "---:");
        for (int inFlight : options.inFlight()) {
            for (Way way : options.ways()) {
                List<Sample> own = of(way, inFlight);
                double[] rates = sorted(own, Sample::rate);
                row(
                        inFlight,
                        way.text(),
                        number(median(rates)),
                        number(rates[0]) + " to " + number(rates[rates.length - 1]),
                        number(median(sorted(own, sample -> sample.p50() / MILLI))),
                        number(median(sorted(own, sample -> sample.p99() / MILLI))),
                        ratioToPlain(own, inFlight));
            }
        }
        line("");
    }

    /** Samples of one round stand close together in time, and so does what else the machine was doing. */
    private String ratioToPlain(List<Sample> own, int inFlight) {
        List<Sample> plain = of(Way.PLAIN, inFlight);
        if (plain.isEmpty()) {
            return "";
        }
        double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = own.get(i).rate() / plain.get(i).rate();
        }
        Arrays.sort(ratios);
        return number(median(ratios));
    }

    private void cost() {
        List<String> processes = samples.isEmpty()
                ? List.of()
                : List.copyOf(samples.get(0).used().cpuNanos().keySet());
        List<Object> head = new ArrayList<>(
                List.of("in flight", "way", "commits", "statements", "WAL bytes", "Kafka records", "offset records"));
        processes.forEach(process -> head.add("CPU ms " + process));
        head.add("CPU ms in all");
        line("Per transfer:");
        line("");
        row(head.toArray());
        row(head.stream().map(title -> title.equals("way") ? "---" : "---:").toArray());
        for (int inFlight : options.inFlight()) {
            for (Way way : options.ways()) {
                List<Sample> own = of(way, inFlight);
                List<Object> cells = new ArrayList<>(List.of(inFlight, way.text()));
                cells.add(each(own, used -> used.commits()));
                cells.add(each(own, used -> used.statements()));
                cells.add(each(own, used -> used.walBytes()));
                cells.add(each(own, used -> used.records()));
                cells.add(each(own, used -> used.offsetRecords()));
                for (String process : processes) {
                    cells.add(each(own, used -> used.cpuNanos().getOrDefault(process, 0L) / MILLI));
                }
                cells.add(each(
                        own,
                        used -> used.cpuNanos().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()
                                / MILLI));
                row(cells.toArray());
            }
        }
    }

    /** Of each way at the highest load, in the last round. */
    private void statements() {
        if (options.topStatements() == 0) {
            return;
        }
        for (Way way : options.ways()) {
            List<Sample> own = of(way, Collections.max(options.inFlight()));
            Sample last = own.get(own.size() - 1);
            line("");
            line("PostgreSQL's time for %s, %d in flight, per transfer:", way.text(), last.inFlight());
            line("");
            row("ms", "ms of planning", "calls", "WAL bytes", "statement");
            row("---:", "---:", "---:", "---:", "---");
            for (StatementTime statement : last.statements()) {
                double transfers = Math.max(1, last.transfers());
                row(
                        number(statement.millis() / transfers),
                        number(statement.planMillis() / transfers),
                        number(statement.calls() / transfers),
                        number(statement.walBytes() / transfers),
                        statement.text().replace("|", "\\|"));
            }
        }
    }

    private static String each(List<Sample> own, ToDoubleFunction<Meters> used) {
        return number(median(
                sorted(own, sample -> used.applyAsDouble(sample.used()) / Math.max(1, sample.transfers()))));
    }

    private List<Sample> of(Way way, int inFlight) {
        return samples.stream()
                .filter(sample -> sample.way() == way && sample.inFlight() == inFlight)
                .toList();
    }

    private static double[] sorted(List<Sample> own, ToDoubleFunction<Sample> value) {
        return own.stream().mapToDouble(value).sorted().toArray();
    }

    private static double median(double[] ascending) {
        if (ascending.length == 0) {
            return Double.NaN;
        }
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    /** Three digits that mean something. */
    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }

    private void row(Object... cells) {
        line(
                "| %s |",
                String.join(" | ", Arrays.stream(cells).map(String::valueOf).toList()));
    }

    private void line(String format, Object... arguments) {
        text.append(arguments.length == 0 ? format : format.formatted(arguments))
                .append('\n');
    }
}
