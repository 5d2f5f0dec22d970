package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;

/** Reads alerts from their rows. */
final class AlertRows {

    private AlertRows() {}

    static Alert alert(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        if (kind == null) {
            return saga(row);
        }
        return kind.equals(InDoubtWatch.KIND) ? branch(row) : message(kind, row);
    }

    static StuckAlert saga(ResultSet row) throws SQLException {
        UUID sagaId = Objects.requireNonNull(row.getObject("saga_id", UUID.class));
        StuckReason reason = StuckReason.valueOf(row.getString("reason"));
        String previous = row.getString("previous_reason");
        String became = row.getString("became");
        if (became != null) {
            return new SagaRecovered(
                    row.getLong("alert_id"),
                    sagaId,
                    row.getString("saga_name"),
                    row.getInt("saga_version"),
                    row.getString("business_key"),
                    reason,
                    instant(row, "since"),
                    became,
                    instant(row, "noticed_at"));
        }
        return new SagaGotStuck(
                row.getLong("alert_id"),
                sagaId,
                row.getString("saga_name"),
                row.getInt("saga_version"),
                row.getString("business_key"),
                row.getString("step"),
                row.getString("participant"),
                reason,
                previous == null ? null : StuckReason.valueOf(previous),
                instant(row, "since"),
                instant(row, "noticed_at"));
    }

    private static Alert message(String table, ResultSet row) throws SQLException {
        long id = row.getLong("alert_id");
        String place = row.getString("place");
        UUID sagaId = row.getObject("saga_id", UUID.class);
        StuckReason reason = StuckReason.valueOf(row.getString("reason"));
        String code = row.getString("code");
        Instant since = instant(row, "since");
        Instant noticedAt = instant(row, "noticed_at");
        return row.getString("became") == null
                ? new MessageSetAside(id, table, place, sagaId, reason, code, since, noticedAt)
                : new MessageRemoved(id, table, place, sagaId, reason, code, since, noticedAt);
    }

    private static Alert branch(ResultSet row) throws SQLException {
        long id = row.getLong("alert_id");
        String participant = row.getString("participant");
        String gid = row.getString("place");
        Instant since = instant(row, "since");
        Instant noticedAt = instant(row, "noticed_at");
        return row.getString("became") == null
                ? new BranchInDoubt(id, participant, gid, row.getString("code"), since, noticedAt)
                : new BranchEnded(id, participant, gid, since, noticedAt);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }
}
