package io.amends.sample;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands for a process of an earlier version beside the present one's: writes what that one wrote, with its own statements. Of the
 * program itself nothing is kept.
 */
final class EarlierProcess {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern NAMED_ROWS =
            Pattern.compile("unnest\\(([^()]*)\\)\\s+(?:with ordinality\\s+)?(\\w+)\\s*\\(([^)]*)\\)");
    private static final Pattern INSERTED_ROWS =
            Pattern.compile("insert into (\\w+) \\(([^)]*)\\)\\s+select \\* from unnest\\(([^()]*)\\)");
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    private final Release release;
    private final String jdbcUrl;

    EarlierProcess(Release release, String jdbcUrl) {
        this.release = release;
        this.jdbcUrl = jdbcUrl;
    }

    /** Values by their columns, as texts. */
    private record Row(Map<String, @Nullable String> values) {

        @Nullable
        String get(String column) {
            return values.get(column);
        }

        String given(String column) {
            return Objects.requireNonNull(get(column), column);
        }

        Row with(String column, @Nullable String value) {
            Map<String, @Nullable String> changed = new HashMap<>(values);
            changed.put(column, value);
            return new Row(changed);
        }

        /** With other ids, in texts and in the texts that bytes are. */
        Row renamed(Map<String, String> ids) {
            Map<String, @Nullable String> changed = new HashMap<>();
            values.forEach((column, value) -> {
                String text = value;
                for (Map.Entry<String, String> id : ids.entrySet()) {
                    text = text == null
                            ? null
                            : text.replace(id.getKey(), id.getValue()).replace(hex(id.getKey()), hex(id.getValue()));
                }
                changed.put(column, text);
            });
            return new Row(changed);
        }

        private static String hex(String text) {
            return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A saga and its first command, as rows. */
    record Begun(UUID sagaId, Row instance, Row step, Row history, Row message) {}

    /** One whose first command is not published yet. */
    Begun begun() throws SQLException {
        try (Connection connection = Release.dataSource(jdbcUrl).getConnection()) {
            String id = DatabaseText.texts(connection, """
                            select i.saga_id::text from saga_instance i join saga_outbox_pending o on o.aggregateid = i.saga_id::text
                             where i.phase = 'RUNNING' and i.message_sequence = 1 and o.type = 'reserve-funds'
                             order by 1 limit 1""").get(0);
            String ofSaga = " r where saga_id = '%s'".formatted(id);
            return new Begun(
                    UUID.fromString(id),
                    row(connection, "saga_instance" + ofSaga),
                    row(connection, "saga_step" + ofSaga),
                    row(connection, "saga_history" + ofSaga),
                    row(connection, "saga_outbox r where aggregateid = '%s'".formatted(id)));
        }
    }

    private static Row row(Connection connection, String from) throws SQLException {
        JsonNode row =
                JSON.readTree(DatabaseText.texts(connection, "select to_jsonb(r)::text from %s limit 1".formatted(from))
                        .get(0));
        Map<String, @Nullable String> values = new HashMap<>();
        row.properties().forEach(column -> {
            JsonNode value = column.getValue();
            values.put(column.getKey(), value.isNull() ? null : value.isString() ? value.asString() : value.toString());
        });
        return new Row(values);
    }

    /** Starts another saga like it, and writes the instance once more, as after any event; the id of the new one. */
    UUID startsLike(Begun other) throws SQLException {
        UUID sagaId = UUID.randomUUID();
        Map<String, String> ids = Map.of(
                other.sagaId().toString(), sagaId.toString(),
                other.instance().given("business_key"), UUID.randomUUID().toString(),
                other.message().given("id"), UUID.randomUUID().toString());
        Row instance = other.instance().renamed(ids).with("deadline", "600000").with("due", "30000");
        Row step = other.step().renamed(ids).with("first_sent", "0").with("due", "30000");
        Row history = other.history().renamed(ids);
        Row message = other.message().renamed(ids);
        String later = String.valueOf(Long.parseLong(instance.given("hlc")) + 1);
        try (Connection connection = Release.dataSource(jdbcUrl).getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            execute(
                    statement,
                    "with instance as (\ninsert into saga_instance",
                    Map.of("n", instance, "s", step, "h", history));
            execute(
                    statement,
                    "insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)\nselect m.id",
                    Map.of(
                            "m",
                            message.with("topic", message.get("aggregatetype"))
                                    .with("key", message.get("aggregateid"))));
            execute(
                    statement,
                    "with changed as (\nupdate saga_instance",
                    Map.of(
                            "c",
                            instance.with("row_version", "0").with("hlc", later).with("due_exactly", "false"),
                            "saga_step",
                            step,
                            "saga_history",
                            history.with("hlc", later)));
            connection.commit();
        }
        return sagaId;
    }

    /** The statement that begins so, with a row for each of its lists. */
    private void execute(Statement statement, String beginning, Map<String, Row> rows) throws SQLException {
        String sql = release.statements().stream()
                .filter(one -> one.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No statement begins with " + beginning));
        Map<Integer, String> arguments = new TreeMap<>();
        NAMED_ROWS
                .matcher(sql)
                .results()
                .forEach(list -> put(arguments, list.group(1), list.group(3), rows.get(list.group(2))));
        INSERTED_ROWS
                .matcher(sql)
                .results()
                .forEach(list -> put(arguments, list.group(3), list.group(2), rows.get(list.group(1))));
        statement.execute("prepare one as " + sql);
        if (statement.execute("execute one (%s)".formatted(String.join(", ", arguments.values())))) {
            try (ResultSet answer = statement.getResultSet()) {
                if (!answer.next() || "0".equals(answer.getString(1))) {
                    throw new IllegalStateException("Nothing came of " + sql);
                }
            }
        }
        statement.execute("deallocate one");
    }

    private static void put(Map<Integer, String> arguments, String parameters, String columns, @Nullable Row row) {
        Objects.requireNonNull(row, columns);
        String[] names = columns.split(",", -1);
        Matcher parameter = PARAMETER.matcher(parameters);
        for (int i = 0; parameter.find(); i++) {
            arguments.put(Integer.valueOf(parameter.group(1)), array(row.get(names[i].strip())));
        }
    }

    /** One value, as a literal of any array's type. */
    private static String array(@Nullable String value) {
        return value == null
                ? "'{NULL}'"
                : "'{\"%s\"}'"
                        .formatted(value.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("'", "''"));
    }
}
