package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what a run found, as SVG. */
final class Charts {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 400;

    private final Path folder;

    /** Into that folder, which is made if it is not there. */
    Charts(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no folder " + folder, trouble);
        }
    }

    /** Bars: for each load, one for each contender. */
    void loads(
            String file,
            String title,
            String unit,
            Options options,
            SpeedReport speed,
            ToDoubleFunction<Sample> value) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("transfers in flight")
                .yAxisTitle(unit)
                .build();
        for (Kind kind : options.only()) {
            List<String> loads = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            for (int inFlight : options.inFlight()) {
                double[] own = speed.sorted(Measure.LOAD, kind, inFlight, value);
                if (own.length > 0) {
                    loads.add(Integer.toString(inFlight));
                    values.add(Figures.median(own));
                }
            }
            if (!loads.isEmpty()) {
                chart.addSeries(kind.text(), loads, values);
            }
        }
        save(chart, file);
    }

    /** Lines over seconds, one for each contender. */
    void overTime(String file, String title, String unit, Map<Kind, double[][]> lines) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("seconds")
                .yAxisTitle(unit)
                .build();
        lines.forEach(
                (kind, line) -> chart.addSeries(kind.text(), line[0], line[1]).setMarker(SeriesMarkers.NONE));
        save(chart, file);
    }

    private void save(Chart<?, ?> chart, String file) {
        try (OutputStream out = Files.newOutputStream(folder.resolve(file + ".svg"))) {
            ChartEncoder.saveChart(chart, out, "svg");
        } catch (IOException trouble) {
            throw new UncheckedIOException("The chart %s can't be written".formatted(file), trouble);
        }
    }
}
