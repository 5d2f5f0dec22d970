package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The samples as tables that are Markdown and plain text at once: medians over the rounds, and ratios within each round
 * before their median is taken, since samples of one round stand close together in time.
 */
final class Report {

    private final List<Sample> samples;
    private final StringBuilder text = new StringBuilder();

    private Report(List<Sample> samples) {
        this.samples = samples;
    }

    /** The report. */
    static String of(Options options, List<Sample> samples) {
        Report report = new Report(samples);
        report.text.append(machine(options)).append('\n');
        for (Figure figure : Figure.values()) {
            report.table(options, figure);
        }
        return report.text.toString();
    }

    /** What the figures were taken on. */
    static String machine(Options options) {
        return """
                Seed %d; %d rounds; %d processors, %s, Java %s; %s.
                Payloads of 300 bytes over 1,000 keys, a topic of %d partitions; %d rows to drain, %d messages/s for the latency, %d writers.
                """.formatted(
                        options.seed(),
                        options.rounds(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"),
                        options.postgres() == null && options.kafka() == null
                                ? "PostgreSQL 18 and Kafka embedded, fsync on"
                                : "servers that were there",
                        Servers.PARTITIONS,
                        options.rows(),
                        options.rate(),
                        options.writers());
    }

    private void table(Options options, Figure figure) {
        if (samples.stream().noneMatch(sample -> sample.figure() == figure)) {
            return;
        }
        Kind yardstick = figure.name().startsWith("APPEND") ? Kind.BARE_INSERT : Kind.HAND_WRITTEN;
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("contender", "median", "lowest", "highest", "of the " + yardstick.text()));
        for (Kind kind : options.only()) {
            double[] values = values(kind, figure);
            if (values.length > 0) {
                rows.add(List.of(
                        kind.text(),
                        number(median(values)),
                        number(values[0]),
                        number(values[values.length - 1]),
                        ratio(kind, yardstick, figure)));
            }
        }
        text.append("\n**%s** (%s)\n\n".formatted(figure.title(), figure.unit()));
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (int i = 0; i < rows.size(); i++) {
            row(rows.get(i), widths);
            if (i == 0) {
                row(
                        IntStream.range(0, widths.length)
                                .mapToObj(column -> "-".repeat(widths[column] - 1) + (column == 0 ? "-" : ":"))
                                .toList(),
                        widths);
            }
        }
    }

    private void row(List<String> cells, int[] widths) {
        text.append('|');
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            // Names on the left, numbers on the right.
            text.append(' ')
                    .append(i == 0 ? cells.get(i) + padding : padding + cells.get(i))
                    .append(" |");
        }
        text.append('\n');
    }

    private double[] values(Kind kind, Figure figure) {
        return samples.stream()
                .filter(sample -> sample.kind() == kind && sample.figure() == figure)
                .mapToDouble(Sample::value)
                .sorted()
                .toArray();
    }

    private String ratio(Kind kind, Kind yardstick, Figure figure) {
        double[] ratios = samples.stream()
                .filter(sample -> sample.kind() == kind && sample.figure() == figure)
                .flatMap(sample -> in(yardstick, figure, sample.round()).stream()
                        .filter(other -> other != 0)
                        .mapToObj(other -> sample.value() / other))
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return ratios.length == 0 ? "" : number(median(ratios));
    }

    private OptionalDouble in(Kind kind, Figure figure, int round) {
        return samples.stream()
                .filter(sample -> sample.kind() == kind && sample.figure() == figure && sample.round() == round)
                .mapToDouble(Sample::value)
                .findAny();
    }

    static double median(double[] ascending) {
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    /** Three digits that mean something. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT,
                size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
                value);
    }
}
