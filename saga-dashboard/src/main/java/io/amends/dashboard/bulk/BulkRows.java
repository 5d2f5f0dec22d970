package io.amends.dashboard.bulk;

import io.amends.dashboard.verbs.VerbText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Reads runs and their items. */
final class BulkRows {

    private static final int MOST_LOOKED_AT = 10_000;

    private BulkRows() {}

    /** Runs, with how many items stand where; conditions follow. */
    static List<BulkRun> runs(JdbcOperations jdbc, String rest, Object... arguments) {
        return jdbc.query("""
                select r.*, c.states, c.counts
                  from saga_bulk_run r
                 cross join lateral (
                   select array_agg(s.state) as states, array_agg(s.count) as counts
                     from (select i.state, count(*) as count from saga_bulk_item i
                            where i.run_id = r.run_id group by i.state) s) c
                """ + rest, (row, number) -> run(row), arguments);
    }

    /** Those planned last whose filter is like that. First the filters are read alone, since what a run did is much to count. */
    static List<BulkRun> latest(JdbcOperations jdbc, Predicate<String> filter, int most) {
        record Planned(UUID id, String filter) {}
        String ids = jdbc
                .query(
                        "select run_id, filter from saga_bulk_run order by created_at desc, run_id limit ?",
                        (row, number) -> new Planned(
                                Objects.requireNonNull(row.getObject("run_id", UUID.class)), row.getString("filter")),
                        MOST_LOOKED_AT)
                .stream()
                .filter(run -> filter.test(run.filter()))
                .limit(most)
                .map(run -> run.id().toString())
                .collect(Collectors.joining(",", "{", "}"));
        return runs(jdbc, "where r.run_id = any(?::uuid[]) order by r.created_at desc, r.run_id", ids);
    }

    private static BulkRun run(ResultSet row) throws SQLException {
        Map<ItemState, Long> counts = new EnumMap<>(ItemState.class);
        if (row.getArray("states") != null) {
            String[] states = (String[]) row.getArray("states").getArray();
            Long[] numbers = (Long[]) row.getArray("counts").getArray();
            for (int i = 0; i < states.length; i++) {
                counts.put(ItemState.valueOf(states[i]), numbers[i]);
            }
        }
        return new BulkRun(
                Objects.requireNonNull(row.getObject("run_id", UUID.class)),
                VerbText.read(row.getString("verb"), row.getString("arguments")),
                row.getString("filter"),
                row.getString("asked_by"),
                row.getString("approved_by"),
                row.getString("reason"),
                BulkState.valueOf(row.getString("state")),
                row.getString("state_reason"),
                ramp(row),
                row.getInt("stage"),
                row.getInt("items"),
                counts,
                row.getString("owner"),
                Objects.requireNonNull(instant(row, "created_at")),
                instant(row, "started_at"),
                instant(row, "ended_at"));
    }

    static List<Integer> ramp(ResultSet row) throws SQLException {
        return Arrays.asList((Integer[]) row.getArray("ramp").getArray());
    }

    static BulkItem item(ResultSet row) throws SQLException {
        return new BulkItem(
                Objects.requireNonNull(row.getObject("saga_id", UUID.class)),
                row.getInt("position"),
                ItemState.valueOf(row.getString("state")),
                row.getObject("action_id", Long.class),
                row.getString("detail"),
                instant(row, "at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
