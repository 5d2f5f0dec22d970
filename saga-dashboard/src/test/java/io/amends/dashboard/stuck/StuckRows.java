package io.amends.dashboard.stuck;

import io.amends.runtime.wire.JacksonPayloadCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Rows of sagas, steps and messages as lines of a table say; {@link StuckTableTest} tells how those read. */
final class StuckRows {

    private static final String EMPTY = "\\x7b7d";

    private final JdbcOperations jdbc;
    private final JacksonPayloadCodec codec = new JacksonPayloadCodec();
    private final Instant now;
    private int position = 1000;

    StuckRows(JdbcOperations jdbc) {
        this.jdbc = jdbc;
        this.now = Objects.requireNonNull(jdbc.queryForObject("select clock_timestamp()", OffsetDateTime.class))
                .toInstant()
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** The time that all times are reckoned from. */
    Instant now() {
        return now;
    }

    /**
     * A saga and what is told of it.
     *
     * @param name what it is about
     * @param expected reason and seconds, or {@code none}
     * @param rows its rows, each a letter and columns
     */
    record Line(UUID id, String name, String expected, List<String> rows) {
        @Override
        public String toString() {
            return name + " " + rows + ": " + expected;
        }
    }

    static Stream<Line> lines(String table) {
        return table.lines().map(line -> {
            String[] cells = line.split("\\|", -1);
            List<String> rows = Stream.of(cells).skip(2).map(String::strip).toList();
            UUID id = UUID.nameUUIDFromBytes(line.getBytes(StandardCharsets.UTF_8));
            return new Line(id, cells[0].strip(), cells[1].strip(), rows);
        });
    }

    /** Definitions, processes, participants and lanes that the lines speak of. */
    void world() {
        jdbc.execute("truncate saga_definition, saga_definition_step, saga_node cascade");
        for (int version = 1; version <= 8; version++) {
            insert(
                    "saga_definition",
                    Map.of(
                            "saga_name",
                            "table",
                            "saga_version",
                            version,
                            "fingerprint",
                            "f",
                            "text",
                            "t",
                            "seen_at",
                            time("0")));
        }
        definitionStep("ask", "COMMAND");
        definitionStep("sign", "SIGNAL");
        node("alive", "-10000", "600", 1, 2);
        node("alive too", "-5000", "600");
        node("gone longest", "-20000", "-900", 3);
        node("gone long ago", "-20000", "-600", 3, 5);
        node("gone just now", "-20000", "-70", 4, 5);
        node("gone a while ago", "-20000", "-140", 8);
        participant("vans", Map.of());
        participant("mail", Map.of("held_by", "ann", "held_reason", "strike", "held_at", time("0")));
        lane(0, Map.of("published_to", "1000:1000:"));
        lane(1, Map.of("published_to", "1000:1010:1005"));
        lane(2, Map.of("published_to", "1000:1010:1005", "cut_to", "1000:1030:", "cut_position", 500));
        lane(3, Map.of("published_to", "1000:1000:"));
        jdbc.update("delete from saga_lane where lane_count <> 4");
    }

    private void definitionStep(String step, String does) {
        insert(
                "saga_definition_step",
                Map.of(
                        "saga_name",
                        "table",
                        "saga_version",
                        1,
                        "step",
                        step,
                        "position",
                        1,
                        "kind",
                        "COMPENSATABLE",
                        "does",
                        does,
                        "attempts",
                        5,
                        "on_exhausted",
                        "STUCK",
                        "patience_ms",
                        600_000),
                Map.of("compensation_patience_ms", 1_200_000));
    }

    private void node(String name, String since, String until, int... versions) {
        insert("saga_node", Map.of("node", name, "since", time(since), "alive_until", time(until)));
        for (int version : versions) {
            insert("saga_node_definition", Map.of("node", name, "saga_name", "table", "saga_version", version));
        }
    }

    private void participant(String name, Map<String, Object> columns) {
        insert(
                "saga_participant_flow",
                Map.of("participant", name, "state", "CLOSED", "failures", 0, "pause_ms", 0, "since", time("0")),
                columns);
    }

    /** The first lane is there already. */
    private void lane(int lane, Map<String, Object> columns) {
        Map<String, Object> all = new LinkedHashMap<>(columns);
        all.put("lane", lane);
        all.put("lane_count", 4);
        jdbc.update("""
                insert into saga_lane
                select r.* from saga_lane l cross join lateral jsonb_populate_record(l, ?::jsonb) r where l.lane = 0
                on conflict (lane) do update set lane_count = excluded.lane_count, published_to = excluded.published_to""", json(all));
    }

    /** The rows of a line; without one for the instance a running one. */
    void write(Line line) {
        List<String> rows = new ArrayList<>(line.rows());
        if (rows.stream().noneMatch(row -> row.startsWith("i "))) {
            rows.add("i");
        }
        rows.forEach(row -> {
            Map<String, @Nullable Object> columns = columns(row);
            switch (row.charAt(0)) {
                case 'i' -> instance(line, columns);
                case 's' ->
                    insert(
                            "saga_step",
                            Map.of(
                                    "saga_id",
                                    line.id(),
                                    "step",
                                    "ask",
                                    "status",
                                    "SENT",
                                    "participant",
                                    "vans",
                                    "attempts",
                                    1,
                                    "updated_at",
                                    time("-5")),
                            columns);
                case 'k' ->
                    insert(
                            "saga_parked_key",
                            Map.of(
                                    "aggregatetype",
                                    "saga.vans.commands",
                                    "aggregateid",
                                    line.id(),
                                    "bucket",
                                    0,
                                    "blocked_by",
                                    1),
                            columns);
                case 'o' ->
                    insert(
                            "saga_outbox",
                            Map.of(
                                    "position",
                                    ++position,
                                    "id",
                                    UUID.randomUUID(),
                                    "aggregatetype",
                                    "saga.vans.commands",
                                    "aggregateid",
                                    line.id(),
                                    "type",
                                    "ask",
                                    "payload",
                                    EMPTY,
                                    "headers",
                                    EMPTY,
                                    "segment",
                                    0),
                            columns);
                case 'q' ->
                    insert(
                            "saga_inbox_quarantine",
                            Map.of(
                                    "topic",
                                    "saga.table.replies",
                                    "partition_no",
                                    0,
                                    "offset_no",
                                    ++position,
                                    "record_key",
                                    bytes(line.id().toString()),
                                    "headers",
                                    EMPTY,
                                    "reason_code",
                                    "MALFORMED_PAYLOAD",
                                    "reason",
                                    "no JSON"),
                            columns);
                default -> throw new IllegalArgumentException(row);
            }
        });
    }

    private void instance(Line line, Map<String, @Nullable Object> columns) {
        if (columns.containsKey("version")) {
            columns.put("saga_version", columns.remove("version"));
        }
        Map<String, Object> usual = new LinkedHashMap<>();
        usual.put("saga_id", line.id());
        usual.put("saga_name", "table");
        usual.put("saga_version", 1);
        usual.put("fingerprint", "f");
        usual.put("business_key", line.id());
        usual.put("body_hash", EMPTY);
        usual.put("phase", "RUNNING");
        usual.put("data", EMPTY);
        usual.put("row_version", 1);
        usual.put("message_sequence", 1);
        usual.put("hlc", 1);
        usual.put("overdue", false);
        usual.put("due_failures", 0);
        usual.put("created_at", time("-3600"));
        usual.put("updated_at", time("-3600"));
        insert("saga_instance", usual, columns);
    }

    private Map<String, @Nullable Object> columns(String row) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        Stream.of(row.split(" ", -1)).skip(1).forEach(cell -> {
            String[] both = cell.split("=", 2);
            boolean isTime = both[0].endsWith("_at") || both[0].endsWith("since") || both[0].endsWith("_until");
            columns.put(both[0], both[1].isEmpty() ? null : isTime ? time(both[1]) : both[1]);
        });
        return columns;
    }

    /** Seconds from now, after those of the patience with an unknown step where it says so. */
    private String time(String seconds) {
        boolean isBeyondPatience = seconds.startsWith("-P");
        Instant from = isBeyondPatience ? now.minus(StuckAllowances.UNKNOWN_STEP) : now;
        return from.plusSeconds(Long.parseLong(isBeyondPatience ? seconds.substring(2) : seconds))
                .toString();
    }

    private void insert(String table, Map<String, ? extends @Nullable Object> columns) {
        insert(table, columns, Map.of());
    }

    private void insert(
            String table,
            Map<String, ? extends @Nullable Object> usual,
            Map<String, ? extends @Nullable Object> columns) {
        jdbc.update(
                "insert into %s select * from jsonb_populate_record(null::%s, ?::jsonb || ?::jsonb)"
                        .formatted(table, table),
                json(usual),
                json(columns));
    }

    private String json(Object columns) {
        return new String(codec.encode(columns), StandardCharsets.UTF_8);
    }

    private static String bytes(String text) {
        StringBuilder hex = new StringBuilder("\\x");
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            hex.append(Character.forDigit(one >> 4 & 15, 16)).append(Character.forDigit(one & 15, 16));
        }
        return hex.toString();
    }
}
