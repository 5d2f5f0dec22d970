package io.amends.cli;

import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command prints: lines and tables for people, or what the API answered. */
final class Output {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintStream out;
    private final boolean asJson;

    /** @param asJson whether answers of the API are printed as they are */
    Output(PrintStream out, boolean asJson) {
        this.out = out;
        this.asJson = asJson;
    }

    /** Whether answers are printed as they are; then this one is. */
    boolean json(JsonNode answer) {
        if (asJson) {
            pretty(answer);
        }
        return asJson;
    }

    void pretty(JsonNode answer) {
        out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
    }

    /** Lines as they are, so that they can be put into a file. */
    void text(String lines) {
        lines.lines().forEach(line -> out.println(Table.escaped(line)));
    }

    void print(Table table, JsonNode rows, String none) {
        if (rows.isEmpty()) {
            line(none);
        } else {
            print(table);
        }
    }

    void print(Table table) {
        table.print(out);
    }

    void line(String text) {
        out.println(Table.plain(text));
    }

    static <V> void put(Map<String, V> to, String name, @Nullable V value) {
        if (value != null) {
            to.put(name, value);
        }
    }

    /** As text; empty if there is nothing. */
    static String text(JsonNode from, String name) {
        JsonNode value = from.path(name);
        return value.isNull() || value.isMissingNode() ? "" : value.asString();
    }
}
