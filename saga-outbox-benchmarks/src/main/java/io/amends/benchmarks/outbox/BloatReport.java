package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The samples of a held snapshot as a table, as CSV and as charts. */
final class BloatReport {

    private static final double MEBI = 1024.0 * 1024;

    private final List<BloatSample> samples;
    private final Path folder;

    private BloatReport(List<BloatSample> samples, Path folder) {
        this.samples = samples;
        this.folder = folder;
    }

    /** Writes {@code bloat.csv} and three SVG files there, and returns the report. */
    static String of(Options options, List<BloatSample> samples) {
        BloatReport report = new BloatReport(samples, options.out());
        try {
            Files.createDirectories(options.out());
            Files.write(
                    options.out().resolve("bloat.csv"),
                    Stream.concat(Stream.of(BloatSample.HEAD), samples.stream().map(BloatSample::csv))
                            .toList());
            report.write(
                    "bloat-size",
                    report.chart(
                            "Tables and indexes", "MiB", sample -> (sample.tableBytes() + sample.indexBytes()) / MEBI));
            report.write("bloat-dead", report.chart("Dead rows", "rows", BloatSample::deadRows));
            XYChart p99 = report.chart("Commit to consumer, p99", "ms", BloatSample::p99);
            // What the start of the JVMs takes would make a flat line of everything after it.
            p99.getStyler().setYAxisMax(report.cut());
            report.write("bloat-p99", p99);
        } catch (IOException trouble) {
            throw new UncheckedIOException("The charts can't be written to " + options.out(), trouble);
        }
        return Report.machine(options)
                + "\nA snapshot held for %s under %d messages/s; charts and CSV in %s.\n\n"
                        .formatted(options.bloat(), options.bloatRate(), options.out())
                + report.table();
    }

    private XYChart chart(String title, String unit, ToDoubleFunction<BloatSample> value) {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(420)
                .title(title + " while a snapshot is held")
                .xAxisTitle("seconds")
                .yAxisTitle(unit)
                .build();
        for (Kind kind : kinds()) {
            List<BloatSample> own = of(kind);
            chart.addSeries(
                            kind.text(),
                            own.stream().mapToDouble(BloatSample::second).toArray(),
                            own.stream().mapToDouble(value).toArray())
                    .setMarker(SeriesMarkers.NONE);
        }
        return chart;
    }

    /** Ten times the median of whoever is slowest. */
    private double cut() {
        return 10 * kinds().stream().mapToDouble(kind -> p99(of(kind))).max().orElse(1);
    }

    private void write(String file, XYChart chart) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(file + ".svg"))) {
            ChartEncoder.saveChart(chart, out, "svg");
        }
    }

    private String table() {
        StringBuilder text = new StringBuilder("""
                | contender | MiB at the end | largest MiB | dead rows at the end | p99 ms, first quarter | p99 ms, last quarter |
                | --- | ---: | ---: | ---: | ---: | ---: |
                """);
        for (Kind kind : kinds()) {
            List<BloatSample> own = of(kind);
            BloatSample last = own.get(own.size() - 1);
            int quarter = Math.max(1, own.size() / 4);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %d | %s | %s |%n",
                    kind.text(),
                    Report.number((last.tableBytes() + last.indexBytes()) / MEBI),
                    Report.number(own.stream()
                            .mapToDouble(sample -> (sample.tableBytes() + sample.indexBytes()) / MEBI)
                            .max()
                            .orElse(0)),
                    last.deadRows(),
                    // The first sample has no window before it.
                    Report.number(p99(own.subList(Math.min(1, own.size() - 1), Math.min(own.size(), quarter + 1)))),
                    Report.number(p99(own.subList(own.size() - quarter, own.size())))));
        }
        return text.toString();
    }

    private static double p99(List<BloatSample> some) {
        return Report.median(
                some.stream().mapToDouble(BloatSample::p99).sorted().toArray());
    }

    private List<Kind> kinds() {
        return samples.stream().map(BloatSample::kind).distinct().collect(Collectors.toList());
    }

    private List<BloatSample> of(Kind kind) {
        return samples.stream().filter(sample -> sample.kind() == kind).toList();
    }
}
