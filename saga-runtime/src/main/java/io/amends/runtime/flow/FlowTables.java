package io.amends.runtime.flow;

import io.amends.runtime.flow.ParticipantFlow.State;
import io.amends.runtime.flow.SagaFlow.Order;
import io.amends.runtime.sql.Arguments;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The tables {@code saga_participant_flow} and {@code saga_flow_setting}, and counts of what is on its way. Every method
 * is one statement, or two, and takes part in the caller's transaction. Safe for use by many threads.
 */
final class FlowTables {

    /** A participant's row. */
    record Row(Breaker breaker, @Nullable String heldBy) {}

    private final JdbcOperations jdbc;

    FlowTables(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    Instant now() {
        return Objects.requireNonNull(
                        jdbc.queryForObject("select clock_timestamp()", Timestamp.class), "the database's clock")
                .toInstant();
    }

    /** Participants that had trouble or are held. */
    Map<String, Row> rows() {
        Map<String, Row> rows = new HashMap<>();
        jdbc.query("select * from saga_participant_flow", row -> {
            rows.put(row.getString("participant"), row(row));
        });
        return rows;
    }

    /** Likewise those, made where there were none, and locked until the transaction ends. */
    Map<String, Row> lock(Collection<String> participants) {
        List<String> names = participants.stream().sorted().toList();
        jdbc.update("""
                insert into saga_participant_flow (participant, state, failures, pause_ms, since)
                select name, 'CLOSED', 0, 0, clock_timestamp() from unnest(?::text[]) name
                on conflict do nothing""", texts(names));
        Map<String, Row> rows = new HashMap<>();
        jdbc.query(
                "select * from saga_participant_flow where participant = any(?::text[]) order by participant for update",
                texts(names),
                row -> {
                    rows.put(row.getString("participant"), row(row));
                });
        return rows;
    }

    void update(Map<String, Breaker> breakers) {
        List<Map.Entry<String, Breaker>> all = List.copyOf(breakers.entrySet());
        jdbc.update(
                """
                update saga_participant_flow p
                   set state = b.state, failures = b.failures, pause_ms = b.pause_ms, since = b.since, until = b.until
                  from unnest(?::text[], ?::text[], ?::int[], ?::bigint[], ?::timestamptz[], ?::timestamptz[])
                       b (participant, state, failures, pause_ms, since, until)
                 where p.participant = b.participant""",
                new Arguments.Plain()
                        .array("text", all, Map.Entry::getKey)
                        .array("text", all, entry -> entry.getValue().state().name())
                        .array("int", all, entry -> entry.getValue().failures())
                        .array("bigint", all, entry -> entry.getValue().pause().toMillis())
                        .array(
                                "timestamptz",
                                all,
                                entry -> text(entry.getValue().since()))
                        .array(
                                "timestamptz",
                                all,
                                entry -> text(entry.getValue().until())));
    }

    /** Participants that a saga waits for which could go on. One index entry is read for each, not for each saga. */
    Set<String> waitedFor() {
        return new HashSet<>(jdbc.queryForList("""
                with recursive waited (name) as (
                  (select held_for from saga_step where held_for is not null order by held_for limit 1)
                  union all
                  select (select held_for from saga_step where held_for > waited.name order by held_for limit 1)
                    from waited where waited.name is not null)
                select name from waited
                 where exists (select from saga_step s join saga_instance i using (saga_id)
                                where s.held_for = waited.name and i.phase = 'RUNNING' and i.pause_reason is null)""", String.class));
    }

    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        jdbc.query("select name, value from saga_flow_setting", row -> {
            settings.put(row.getString("name"), row.getString("value"));
        });
        return settings;
    }

    /** How many actions are open at each of those participants. Reads what is unfinished, by the index of it. */
    Map<String, Long> open(Collection<String> participants) {
        return counts("""
                select s.participant, count(*) from saga_instance i join saga_step s using (saga_id)
                 where i.phase in ('RUNNING', 'COMPENSATING', 'STUCK') and s.status = 'SENT'
                   and s.participant = any(?::text[]) group by s.participant""", participants);
    }

    /** How many instances of each of those sagas run or compensate. */
    Map<String, Long> inFlight(Collection<String> sagas) {
        return counts("""
                select saga_name, count(*) from saga_instance
                 where phase in ('RUNNING', 'COMPENSATING') and saga_name = any(?::text[]) group by saga_name""", sagas);
    }

    private Map<String, Long> counts(String sql, Collection<String> names) {
        Map<String, Long> counts = new HashMap<>();
        jdbc.query(sql, texts(List.copyOf(names)), row -> {
            counts.put(row.getString(1), row.getLong(2));
        });
        return counts;
    }

    List<ParticipantFlow> participants() {
        List<ParticipantFlow> all = new ArrayList<>();
        jdbc.query("""
                select coalesce(p.participant, w.held_for) as participant, coalesce(p.state, 'CLOSED') as state,
                       coalesce(p.failures, 0) as failures, coalesce(p.since, w.first) as since, p.until, p.held_by,
                       p.held_reason, p.held_at, coalesce(w.number, 0) as number, w.first
                  from saga_participant_flow p
                  full join (select held_for, count(*) as number, min(held_since) as first from saga_step
                              where held_for is not null group by held_for) w on w.held_for = p.participant
                 order by 1""", row -> {
            all.add(new ParticipantFlow(
                    row.getString("participant"),
                    State.valueOf(row.getString("state")),
                    row.getInt("failures"),
                    row.getTimestamp("since").toInstant(),
                    instant(row, "until"),
                    row.getString("held_by"),
                    row.getString("held_reason"),
                    instant(row, "held_at"),
                    row.getLong("number"),
                    instant(row, "first")));
        });
        return all;
    }

    /** On a row that {@link #lock} made. */
    void hold(String participant, Order order) {
        jdbc.update("""
                update saga_participant_flow set held_by = ?, held_reason = ?, held_at = clock_timestamp()
                 where participant = ?""", order.operator(), order.reason(), participant);
    }

    void release(String participant) {
        jdbc.update("""
                update saga_participant_flow
                   set held_by = null, held_reason = null, held_at = null, state = 'CLOSED', failures = 0, pause_ms = 0,
                       until = null, since = case when state = 'CLOSED' then since else clock_timestamp() end
                 where participant = ?""", participant);
    }

    void set(String name, String value, Order order) {
        jdbc.update("""
                insert into saga_flow_setting (name, value, set_by, reason) values (?, ?, ?, ?)
                on conflict (name) do update
                   set value = excluded.value, set_by = excluded.set_by, reason = excluded.reason,
                       set_at = clock_timestamp()""", name, value, order.operator(), order.reason());
    }

    void reset(String name) {
        jdbc.update("delete from saga_flow_setting where name = ?", name);
    }

    void audit(String verb, String detail, Order order) {
        jdbc.update(
                "insert into saga_audit (verb, operator, reason, detail, outcome) values (?, ?, ?, ?, 'DONE')",
                verb,
                order.operator(),
                order.reason(),
                detail);
    }

    private static Row row(ResultSet row) throws SQLException {
        Breaker breaker = new Breaker(
                State.valueOf(row.getString("state")),
                row.getInt("failures"),
                Duration.ofMillis(row.getLong("pause_ms")),
                row.getTimestamp("since").toInstant(),
                instant(row, "until"));
        return new Row(breaker, row.getString("held_by"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static Arguments.Plain texts(List<String> names) {
        return new Arguments.Plain().array("text", names, Function.identity());
    }
}
