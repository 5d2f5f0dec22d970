package io.amends.dashboard.instance;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.instance.WaitingMessage.Place;
import io.amends.dashboard.stuck.FrameLines;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox.Verdict;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.runtime.wire.TraceId;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Reads all that is known of one saga, also where this process does not have its version. Six statements on one snapshot.
 * Safe for use by many threads.
 */
public final class SagaInspection {

    private static final int MOST_LINES = 1_000;
    private static final int MOST_MESSAGES = 100;

    /** Bytes of data of the history, the latest lines' first; the rest is not read from where it lies. */
    private static final int MOST_DATA = 512 * 1024;

    private static final String TIMELINE = """
            select hlc, at, event, step, kind, participant, message_id, disposition, phase, detail, place, command_id,
                   command_place, case when read_by_then <= ? then data end as data
              from (select t.*, sum(octet_length(t.data)) over (order by t.hlc desc) as read_by_then
                      from (select * from saga_timeline where saga_id = ? order by hlc desc limit ?) t) t
             order by hlc""";

    private static final String STEPS = """
            select coalesce(d.step, s.step) as step, d.position, d.does, d.compensation,
                   coalesce(s.status, 'PENDING') as status, coalesce(s.participant, d.participant) as participant, s.outcome,
                   coalesce(s.attempts, 0) as attempts,
                   case when s.status in ('COMPENSATING', 'COMPENSATED', 'COMPENSATION_FAILED')
                        then d.compensation_attempts
                        when d.on_exhausted <> 'ALERT_ONLY' or (? and d.compensation is not null) then d.attempts
                        end as allowed,
                   s.first_sent_at, s.due_at, s.error, s.error_frames, s.sla_at, s.held_for, s.held_since, f.held_by, s.updated_at
              from (select * from saga_definition_step where saga_name = ? and saga_version = ?) d
              full join (select * from saga_step where saga_id = ?) s on s.step = d.step
              left join saga_participant_flow f on f.participant = s.held_for
             order by d.position nulls last, step""";

    private static final String MESSAGES = """
            select * from (
              select 'PARKED' as place, k.aggregatetype as topic, null::int as partition_no, null::bigint as offset_no,
                     p.type, k.since, p.position, p.reason
                from saga_parked_key k
                join saga_parked p on p.aggregatetype = k.aggregatetype and p.aggregateid = k.aggregateid
               where k.aggregateid = ? and p.aggregateid = ?
              union all
              select 'QUARANTINED', topic, partition_no, offset_no, reason_code, quarantined_at, null, reason
                from saga_inbox_quarantine where record_key = ?
              union all
              select 'WAITS_FOR_VERSION', topic, partition_no, offset_no, null, waits_since, null, null
                from saga_waiting_reply where saga_id = ?
              union all
              select 'REDELIVERED', topic, partition_no, offset_no, step, null, null, error
                from saga_inbox_redelivery where saga_id = ?) m
             order by since, topic, offset_no limit ?""";

    private final BoundedReads reads;
    private final StuckAllowances allowances;

    /** Of that database. */
    public SagaInspection(BoundedReads reads, StuckAllowances allowances) {
        this.reads = reads;
        this.allowances = allowances;
    }

    /** The saga with that id, its history with the data of the latest lines that is kept; empty if there is none. */
    public Optional<SagaView> of(UUID sagaId) {
        return of(sagaId, MOST_DATA);
    }

    /** The saga with that id, without any of its data; empty if there is none. */
    public Optional<SagaView> withoutData(UUID sagaId) {
        return of(sagaId, -1);
    }

    private Optional<SagaView> of(UUID sagaId, int mostData) {
        return reads.read(jdbc -> jdbc
                .query(
                        "select *, clock_timestamp() as read_at from saga_instance where saga_id = ?",
                        (row, number) -> view(jdbc, sagaId, row, mostData),
                        sagaId)
                .stream()
                .findFirst());
    }

    private SagaView view(JdbcOperations jdbc, UUID sagaId, ResultSet row, int mostData) throws SQLException {
        String name = row.getString("saga_name");
        int version = row.getInt("saga_version");
        String pauseReason = row.getString("pause_reason");
        return new SagaView(
                sagaId,
                name,
                version,
                row.getString("business_key"),
                SagaPhase.valueOf(row.getString("phase")),
                row.getString("reason_code"),
                row.getString("reason"),
                row.getString("cause"),
                instantOrNull(row, "deadline_at"),
                row.getBoolean("overdue"),
                pauseReason == null ? null : new SagaView.Hold(pauseReason, instantOrNull(row, "paused_until")),
                row.getString("attributes"),
                TraceId.checked(row.getString("trace_id")),
                row.getLong("row_version"),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                instant(row, "read_at"),
                verdict(jdbc, sagaId),
                jdbc.query(STEPS, (step, number) -> step(step), row.getString("cause") != null, name, version, sagaId),
                timeline(jdbc, sagaId, mostData),
                messages(jdbc, sagaId),
                links(jdbc, "select parent_id from saga_sub_saga where saga_id = ? limit 1", sagaId).stream()
                        .findFirst()
                        .orElse(null),
                links(jdbc, "select distinct saga_id from saga_sub_saga where parent_id = ? limit 100", sagaId),
                FrameLines.of(row.getString("reason"), row.getString("reason_frames")));
    }

    private @Nullable Verdict verdict(JdbcOperations jdbc, UUID sagaId) {
        return jdbc
                .query(
                        StuckSql.ONE,
                        StuckSql.arguments(allowances, sagaId),
                        (row, number) -> new Verdict(StuckReason.valueOf(row.getString("code")), instant(row, "since")))
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static List<TimelineEntry> timeline(JdbcOperations jdbc, UUID sagaId, int mostData) {
        Map<UUID, String> places = new HashMap<>();
        List<TimelineEntry> lines = jdbc.query(
                TIMELINE,
                (row, number) -> {
                    UUID command = row.getObject("command_id", UUID.class);
                    String place = row.getString("command_place");
                    if (command != null && place != null) {
                        places.putIfAbsent(command, place);
                    }
                    return line(row, command);
                },
                mostData,
                sagaId,
                MOST_LINES);
        return lines.stream().map(line -> line.placed(places)).toList();
    }

    private static TimelineEntry line(ResultSet row, @Nullable UUID answers) throws SQLException {
        return new TimelineEntry(
                row.getLong("hlc"),
                instant(row, "at"),
                row.getString("event"),
                row.getString("step"),
                row.getString("kind"),
                row.getString("participant"),
                row.getObject("message_id", UUID.class),
                row.getString("disposition"),
                row.getString("phase"),
                row.getString("detail"),
                row.getString("place"),
                answers,
                text(row.getBytes("data")));
    }

    private static @Nullable String text(byte @Nullable [] data) {
        return data == null ? null : new String(data, StandardCharsets.UTF_8);
    }

    private static List<WaitingMessage> messages(JdbcOperations jdbc, UUID sagaId) {
        String key = sagaId.toString();
        return jdbc.query(
                MESSAGES,
                (row, number) -> new WaitingMessage(
                        Place.valueOf(row.getString("place")),
                        row.getString("topic"),
                        row.getObject("partition_no", Integer.class),
                        row.getObject("offset_no", Long.class),
                        row.getString("type"),
                        instantOrNull(row, "since"),
                        row.getObject("position", Long.class),
                        row.getString("reason")),
                key,
                key,
                key.getBytes(StandardCharsets.UTF_8),
                sagaId,
                sagaId,
                MOST_MESSAGES);
    }

    private static List<UUID> links(JdbcOperations jdbc, String sql, UUID sagaId) {
        return jdbc.query(sql, (row, number) -> Objects.requireNonNull(row.getObject(1, UUID.class)), sagaId);
    }

    private static StepLine step(ResultSet row) throws SQLException {
        String outcome = row.getString("outcome");
        return new StepLine(
                row.getString("step"),
                row.getObject("position", Integer.class),
                kind(row.getString("does")),
                kind(row.getString("compensation")),
                StepStatus.valueOf(row.getString("status")),
                row.getString("participant"),
                outcome == null ? null : Outcome.valueOf(outcome),
                row.getInt("attempts"),
                row.getObject("allowed", Integer.class),
                instantOrNull(row, "first_sent_at"),
                instantOrNull(row, "due_at"),
                row.getString("error"),
                instantOrNull(row, "sla_at"),
                row.getString("held_for"),
                instantOrNull(row, "held_since"),
                row.getString("held_by"),
                instantOrNull(row, "updated_at"),
                FrameLines.of(row.getString("error"), row.getString("error_frames")));
    }

    private static StepLine.@Nullable Kind kind(@Nullable String name) {
        return name == null ? null : StepLine.Kind.valueOf(name);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(instantOrNull(row, column), column);
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
