package io.amends.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Prints rows in columns. Control characters are shown as dots: what an application stored must not move the cursor. */
final class Table {

    private static final int WIDEST = 60;
    private static final Pattern PLAIN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+");
    /** All of these but the tab, which moves no cursor back. */
    private static final Pattern WRITTEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029&&[^\t]]");

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(List.of(head));
    }

    void add(String... cells) {
        rows.add(List.of(cells));
    }

    static String plain(String text) {
        return PLAIN.matcher(text).replaceAll("·");
    }

    /** What a member of an answer is called above a column. */
    static String title(String member) {
        return member.replaceAll("([a-z])([A-Z])", "$1 $2").toUpperCase(Locale.ROOT);
    }

    /**
     * As it is, for a file, with the characters that {@link #plain} shows as dots written as JSON does: there they mean
     * the same.
     */
    static String escaped(String line) {
        return WRITTEN.matcher(line)
                .replaceAll(found -> found.group()
                        .chars()
                        .mapToObj(character -> "\\\\u%04x".formatted(character))
                        .collect(Collectors.joining()));
    }

    private static String cell(String text) {
        String plain = plain(text);
        return plain.length() <= WIDEST ? plain : plain.substring(0, WIDEST - 1) + "…";
    }

    void print(PrintStream out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], cell(row.get(i)).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = cell(row.get(i));
                line.append(cell);
                if (i < columns - 1) {
                    line.append(" ".repeat(widths[i] - cell.length() + 2));
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
