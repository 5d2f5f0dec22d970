package io.amends.runtime.orchestrator;

import io.amends.runtime.store.StoredSaga;
import io.amends.saga.engine.Cause;
import io.amends.saga.engine.Held;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.Pause;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads instances and steps from their rows. */
final class SagaRows {

    private SagaRows() {}

    static StoredSaga saga(ResultSet row) throws SQLException {
        String reasonCode = row.getString("reason_code");
        String causeCode = row.getString("cause_code");
        String pauseReason = row.getString("pause_reason");
        return new StoredSaga(
                row.getObject("saga_id", UUID.class),
                row.getString("saga_name"),
                row.getInt("saga_version"),
                row.getString("fingerprint"),
                row.getString("business_key"),
                row.getBytes("body_hash"),
                SagaPhase.valueOf(row.getString("phase")),
                reasonCode == null ? null : ReasonCode.valueOf(reasonCode),
                row.getString("reason"),
                causeCode == null
                        ? null
                        : new Cause(ReasonCode.valueOf(causeCode), String.valueOf(row.getString("cause"))),
                row.getBytes("data"),
                row.getLong("row_version"),
                row.getLong("message_sequence"),
                row.getLong("hlc"),
                instant(row, "deadline_at"),
                row.getBoolean("overdue"),
                pauseReason == null ? null : new Pause(pauseReason, instant(row, "paused_until")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getTimestamp("read_at").toInstant(),
                AttributesJson.read(row.getString("attributes")),
                new LinkedHashMap<>(),
                // A process of an older version, which does not know of them, leaves those of an earlier one.
                row.getString("reason") == null ? null : row.getString("reason_frames"));
    }

    static StepState step(ResultSet row) throws SQLException {
        String outcome = row.getString("outcome");
        String error = row.getString("error");
        return new StepState(
                row.getString("step"),
                StepStatus.valueOf(row.getString("status")),
                row.getString("participant"),
                outcome == null ? null : Outcome.valueOf(outcome),
                row.getInt("attempts"),
                instant(row, "first_sent_at"),
                instant(row, "due_at"),
                error,
                instant(row, "sla_at"),
                held(row),
                row.getInt("round"),
                error == null ? null : row.getString("error_frames"));
    }

    private static @Nullable Held held(ResultSet row) throws SQLException {
        String participant = row.getString("held_for");
        return participant == null
                ? null
                : new Held(participant, row.getTimestamp("held_since").toInstant());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }
}
