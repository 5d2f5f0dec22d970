package io.amends.benchmarks.twopc;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers and tables in Markdown. */
final class Figures {

    private Figures() {}

    static double median(double[] ascending) {
        if (ascending.length == 0) {
            return Double.NaN;
        }
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

    static String row(Object... cells) {
        return Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** The line below the head: that many columns of words, then numbers. */
    static String rule(int words, int numbers) {
        Object[] cells = new Object[words + numbers];
        Arrays.fill(cells, 0, words, "---");
        Arrays.fill(cells, words, cells.length, "---:");
        return row(cells);
    }
}
