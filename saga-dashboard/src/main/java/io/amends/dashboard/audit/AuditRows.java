package io.amends.dashboard.audit;

import io.amends.dashboard.audit.AuditEntry.Change;
import io.amends.dashboard.audit.AuditEntry.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads lines from their rows. */
final class AuditRows {

    /** Without what an edit replaced, which may be long. */
    static final String SELECT = """
            select a.action_id, a.at, a.actor, a.ip, a.verb, a.arguments, a.saga_id, a.run_id, a.request_id, a.filter, a.reason,
                   a.approved_by, a.idempotency_key, a.result, a.explanation, a.seen_revision, a.phase_before, a.phase_after,
                   a.revision_before, a.revision_after, o.at as settled_at,
                   case a.result when 'DONE' then coalesce(o.state, 'ACCEPTED') when 'NOTED' then 'NOTED'
                                 else 'REFUSED' end as state
              from saga_console_action a left join saga_console_outcome o using (action_id)""";

    private AuditRows() {}

    static AuditLine line(ResultSet row) throws SQLException {
        Long seen = row.getObject("seen_revision", Long.class);
        Change change = seen == null
                ? null
                : new Change(
                        seen,
                        row.getString("phase_before"),
                        row.getString("phase_after"),
                        row.getObject("revision_before", Long.class),
                        row.getObject("revision_after", Long.class),
                        null,
                        null);
        AuditEntry entry = new AuditEntry(
                new Operator(row.getString("actor"), row.getString("ip")),
                row.getString("verb"),
                row.getString("arguments"),
                new Subject(
                        row.getObject("saga_id", UUID.class),
                        row.getObject("run_id", UUID.class),
                        row.getObject("request_id", UUID.class),
                        row.getString("filter")),
                row.getString("reason"),
                row.getString("approved_by"),
                row.getString("idempotency_key"),
                row.getString("result"),
                row.getString("explanation"),
                change);
        return new AuditLine(
                row.getLong("action_id"),
                Objects.requireNonNull(instant(row, "at")),
                entry,
                ActionState.valueOf(row.getString("state")),
                instant(row, "settled_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
