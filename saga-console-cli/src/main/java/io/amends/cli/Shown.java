package io.amends.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** How people are shown an answer. */
@FunctionalInterface
interface Shown {

    /** All of it: what is no list as a line, each list as a table. */
    Shown ALL = (answer, out, beside) -> all(answer, out, Map.of(), Set.of());

    /**
     * Shows it.
     *
     * @param out where it goes
     * @param beside where that goes which must not get into a file with the rest
     */
    void show(JsonNode answer, Output out, PrintStream beside);

    /** All of it but what bears such a name. */
    static Shown without(String... names) {
        return (answer, out, beside) -> all(answer, out, Map.of(), Set.of(names));
    }

    /**
     * All of it, with these columns of the lists.
     *
     * @param tables each as {@code list=column column}; a column is a place such as {@code entry.verb}, with a title before a
     *     colon if it is not called as its last part
     */
    static Shown tables(String... tables) {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (String table : tables) {
            String[] parts = table.split("=", 2);
            columns.put(parts[0], List.of(parts[1].split(" ", -1)));
        }
        return (answer, out, beside) -> all(answer, out, columns, Set.of());
    }

    /** That member as it is, so that it can be put into a file and be edited; what else there is beside it. */
    static Shown text(String member) {
        return (answer, out, beside) -> {
            out.text(Output.text(answer, member));
            Output besides = new Output(beside, false);
            answer.propertyStream()
                    .filter(field -> !field.getKey().equals(member))
                    .forEach(field -> besides.line(field.getKey() + "  " + told(field.getValue())));
        };
    }

    /** A sentence with the answer's members in braces. */
    static Shown saying(String sentence) {
        Pattern member = Pattern.compile("\\{(\\w+)}");
        return (answer, out, beside) -> out.line(member.matcher(sentence)
                .replaceAll(found -> Matcher.quoteReplacement(told(answer.path(found.group(1)))))
                .strip());
    }

    private static void all(JsonNode answer, Output out, Map<String, List<String>> columns, Set<String> without) {
        Map<String, String> single = new LinkedHashMap<>();
        Map<String, JsonNode> lists = new LinkedHashMap<>();
        collect("", answer, without, single, lists);
        int widest = single.keySet().stream().mapToInt(String::length).max().orElse(0);
        single.forEach((name, value) -> out.line(name + " ".repeat(widest - name.length() + 2) + value));
        lists.forEach((name, rows) -> {
            if (rows.isEmpty()) {
                out.line("No %s.".formatted(name));
                return;
            }
            if (lists.size() > 1 || !single.isEmpty()) {
                out.line("");
                out.line(name + ":");
            }
            List<String> wanted = columns.getOrDefault(name, List.of());
            out.print(table(rows, wanted.isEmpty() ? placesOf(rows) : wanted));
        });
    }

    private static void collect(
            String before,
            JsonNode node,
            Set<String> without,
            Map<String, String> single,
            Map<String, JsonNode> lists) {
        node.propertyStream().filter(field -> !without.contains(field.getKey())).forEach(field -> {
            String name = before + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                collect(name + ".", value, without, single, lists);
            } else if (value.isArray() && (value.isEmpty() || value.get(0).isObject())) {
                lists.put(name, value);
            } else if (!value.isNull()) {
                single.put(name, told(value));
            }
        });
    }

    private static List<String> placesOf(JsonNode rows) {
        Set<String> places = new LinkedHashSet<>();
        rows.forEach(row -> {
            Map<String, String> single = new LinkedHashMap<>();
            collect("", row, Set.of(), single, new LinkedHashMap<>());
            places.addAll(single.keySet());
        });
        return List.copyOf(places);
    }

    private static Table table(JsonNode rows, List<String> columns) {
        List<String> titles = new ArrayList<>();
        List<String[]> places = new ArrayList<>();
        columns.forEach(column -> {
            int colon = column.indexOf(':');
            String[] place = column.substring(colon + 1).split("\\.", -1);
            places.add(place);
            titles.add(Table.title(colon < 0 ? place[place.length - 1] : column.substring(0, colon)));
        });
        Table table = new Table(titles.toArray(String[]::new));
        rows.forEach(row -> table.add(places.stream()
                .map(place -> {
                    JsonNode at = row;
                    for (String part : place) {
                        at = at.path(part);
                    }
                    return told(at);
                })
                .toArray(String[]::new)));
        return table;
    }

    private static String told(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "";
        }
        if (value.isArray()) {
            return value.valueStream().map(Shown::told).collect(Collectors.joining(", "));
        }
        return value.isObject() ? value.toString() : value.asString();
    }
}
