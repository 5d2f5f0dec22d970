package io.amends.benchmarks.twopc;

import static io.amends.benchmarks.twopc.Figures.number;
import static io.amends.benchmarks.twopc.Figures.row;
import static io.amends.benchmarks.twopc.Figures.rule;

import io.amends.benchmarks.twopc.contender.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What came of breaking things, as Markdown and plots. */
final class TroubleReport {

    private static final String HEAD = row(
                    "contender",
                    "bank to bank: completed",
                    "refused",
                    "caller not told",
                    "within bank a: carried out",
                    "blocked over 1 s",
                    "of them gave up",
                    "slowest s",
                    "branches in doubt when it broke",
                    "longest lock s",
                    "resolved after s")
            + rule(1, 10);

    private TroubleReport() {}

    static String table(List<Trouble> troubles) {
        StringBuilder text = new StringBuilder(HEAD);
        for (Trouble trouble : troubles) {
            text.append("| %s %s".formatted(trouble.kind().text(), line(trouble)));
        }
        return text.append('\n').toString();
    }

    /** The figures of one, as a row without its name. */
    static String line(Trouble trouble) {
        return row(
                trouble.completed(),
                trouble.refused(),
                trouble.unknown(),
                trouble.done(),
                trouble.blockedWithin(),
                trouble.refusedWithin(),
                number(trouble.longestWithin()),
                trouble.inDoubt(),
                number(trouble.longestLock()),
                Double.isInfinite(trouble.resolved()) ? "never" : number(trouble.resolved()));
    }

    /** Draws the three plots of a measure, whose names begin so. */
    static void draw(Charts charts, String file, String title, List<Trouble> troubles) {
        Map<Kind, double[][]> rates = new LinkedHashMap<>();
        troubles.forEach(trouble -> rates.put(trouble.kind(), completedEachSecond(trouble)));
        charts.overTime(file + "-completed", title + ": transfers from bank to bank", "completed in a second", rates);
        charts.overTime(
                file + "-open",
                title + ": transfers from bank to bank that are open",
                "begun and not ended",
                lines(troubles, Trouble.Moment::open));
        charts.overTime(
                file + "-blocked",
                title + ": transfers within bank a",
                "begun and not ended",
                lines(troubles, Trouble.Moment::openWithin));
        charts.overTime(
                file + "-locks", title + ": the oldest lock", "seconds", lines(troubles, Trouble.Moment::oldestLock));
    }

    private static Map<Kind, double[][]> lines(List<Trouble> troubles, ToDoubleFunction<Trouble.Moment> value) {
        Map<Kind, double[][]> lines = new LinkedHashMap<>();
        for (Trouble trouble : troubles) {
            lines.put(trouble.kind(), new double[][] {
                trouble.moments().stream().mapToDouble(Trouble.Moment::second).toArray(),
                trouble.moments().stream().mapToDouble(value).toArray()
            });
        }
        return lines;
    }

    private static double[][] completedEachSecond(Trouble trouble) {
        List<Double> seconds = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        Trouble.Moment last = trouble.moments().get(0);
        for (Trouble.Moment moment : trouble.moments()) {
            double passed = moment.second() - last.second();
            if (passed >= 1) {
                seconds.add(moment.second());
                rates.add((moment.completed() - last.completed()) / passed);
                last = moment;
            }
        }
        return new double[][] {
            seconds.stream().mapToDouble(Double::doubleValue).toArray(),
            rates.stream().mapToDouble(Double::doubleValue).toArray()
        };
    }
}
