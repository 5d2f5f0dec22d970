package io.amends.test.conformance;

import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.orchestrator.JdbcWaitingReplies;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.SagaStore.AuditEntry;
import io.amends.runtime.store.StoredSaga.AnsweredCommand;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.SentCommand;
import io.amends.runtime.store.WaitingReplies;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/** What an orchestrator keeps in PostgreSQL. */
final class PostgresOrchestrator implements OrchestratorFixture {

    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    public SagaStore sagas() {
        return new JdbcSagaStore(database.jdbc);
    }

    @Override
    public WaitingReplies waitingReplies() {
        return new JdbcWaitingReplies(database.jdbc);
    }

    @Override
    public List<HistoryEntry> history(UUID sagaId) {
        return database.jdbc.query(
                "select * from saga_history where saga_id = ? order by hlc",
                (row, number) -> new HistoryEntry(
                        row.getLong("hlc"),
                        row.getString("event"),
                        row.getString("step"),
                        row.getString("kind"),
                        row.getString("participant"),
                        row.getObject("message_id", UUID.class),
                        row.getString("disposition"),
                        row.getString("phase"),
                        row.getString("detail"),
                        row.getString("place"),
                        row.getBytes("data"),
                        sent(row),
                        answered(row)),
                sagaId);
    }

    private static @Nullable SentCommand sent(ResultSet row) throws SQLException {
        UUID id = row.getObject("sent_id", UUID.class);
        return id == null
                ? null
                : new SentCommand(
                        id,
                        row.getString("sent_step"),
                        row.getString("sent_kind"),
                        row.getString("sent_participant"),
                        row.getString("sent_detail"));
    }

    private static @Nullable AnsweredCommand answered(ResultSet row) throws SQLException {
        UUID id = row.getObject("command_id", UUID.class);
        return id == null ? null : new AnsweredCommand(id, row.getString("command_place"));
    }

    @Override
    public List<AuditEntry> audit(UUID sagaId) {
        return database.jdbc.query(
                "select * from saga_audit where saga_id = ? order by audit_id",
                (row, number) -> new AuditEntry(
                        row.getObject("saga_id", UUID.class),
                        row.getString("verb"),
                        row.getString("operator"),
                        row.getString("reason"),
                        row.getString("detail"),
                        row.getString("outcome"),
                        row.getString("phase_before"),
                        row.getString("phase_after")),
                sagaId);
    }

    @Override
    public PlatformTransactionManager transactions() {
        return database.transactions;
    }

    @Override
    public void timePasses(Duration duration) {
        database.timePasses(duration);
    }
}
