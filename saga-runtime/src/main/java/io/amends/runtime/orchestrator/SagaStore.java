package io.amends.runtime.orchestrator;

import io.amends.runtime.orchestrator.StoredSaga.Change;
import io.amends.runtime.orchestrator.StoredSaga.HistoryEntry;
import io.amends.runtime.orchestrator.StoredSaga.StoredStep;
import io.amends.runtime.sql.Arguments;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The tables {@code saga_instance}, {@code saga_step} and {@code saga_history}. Every method is one statement, or two,
 * whatever the number of instances, and takes part in the caller's transaction.
 */
final class SagaStore {

    private static final String COLUMNS = """
            saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, reason_code, reason, data,
            row_version, message_sequence, hlc, created_at, updated_at""";

    private static final String INSERT = """
            with instance as (
              insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                                         reason_code, reason, data, row_version, message_sequence, hlc, deadline_at)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, clock_timestamp() + ?::bigint * interval '1 millisecond')
              on conflict (saga_name, business_key) do nothing
              returning saga_id),
            step as (
              insert into saga_step (saga_id, step, status, participant, outcome, attempts)
              select i.saga_id, s.* from instance i, unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int[]) s),
            history as (
              insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase,
                                        detail)
              select i.saga_id, h.*
                from instance i, unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[],
                                        ?::text[], ?::text[]) h)
            select count(*) from instance""";

    private static final String UPDATE = """
            with changed as (
              update saga_instance i
                 set phase = c.phase, reason_code = c.reason_code, reason = c.reason, data = c.data,
                     message_sequence = c.message_sequence, hlc = c.hlc, row_version = i.row_version + 1,
                     updated_at = clock_timestamp()
                from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bigint[],
                            ?::bigint[])
                     c (saga_id, row_version, phase, reason_code, reason, data, message_sequence, hlc)
               where i.saga_id = c.saga_id and i.row_version = c.row_version
              returning i.saga_id),
            step as (
              insert into saga_step (saga_id, step, status, participant, outcome, attempts)
              select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[])
              on conflict (saga_id, step) do update
                 set status = excluded.status, participant = excluded.participant, outcome = excluded.outcome,
                     attempts = excluded.attempts, updated_at = clock_timestamp()),
            history as (
              insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase,
                                        detail)
              select * from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[],
                                   ?::text[], ?::text[], ?::text[]))
            select count(*) from changed""";

    private final JdbcOperations jdbc;

    SagaStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Stores a new instance, with its steps and history; false if its business key was taken. */
    boolean insert(StoredSaga saga, Change first, @Nullable Long deadlineMillis) {
        return count(
                        INSERT,
                        new Arrays()
                                .value(saga.sagaId())
                                .value(saga.name())
                                .value(saga.version())
                                .value(saga.fingerprint())
                                .value(saga.key())
                                .value(saga.bodyHash())
                                .value(first.phase().name())
                                .value(nameOf(first.reasonCode()))
                                .value(first.reason())
                                .value(first.data())
                                .value(first.sequence())
                                .value(first.clock())
                                .value(deadlineMillis)
                                .steps(first.changedSteps())
                                .history(first.history()))
                == 1;
    }

    /**
     * Stores what became of several instances.
     *
     * @throws OptimisticLockingFailureException if one of them changed since it was read; nothing may be committed then
     */
    void update(List<Change> changes) {
        List<StepState> steps = new ArrayList<>();
        List<UUID> stepOwners = new ArrayList<>();
        List<HistoryEntry> history = new ArrayList<>();
        List<UUID> historyOwners = new ArrayList<>();
        for (Change change : changes) {
            change.changedSteps().forEach(step -> {
                steps.add(step);
                stepOwners.add(change.sagaId());
            });
            change.history().forEach(entry -> {
                history.add(entry);
                historyOwners.add(change.sagaId());
            });
        }
        Arrays arguments = new Arrays()
                .array("uuid", changes, Change::sagaId)
                .array("bigint", changes, Change::expectedVersion)
                .array("text", changes, change -> change.phase().name())
                .array("text", changes, change -> nameOf(change.reasonCode()))
                .array("text", changes, Change::reason)
                .array("bytea", changes, Change::data)
                .array("bigint", changes, Change::sequence)
                .array("bigint", changes, Change::clock)
                .array("uuid", stepOwners, Function.identity())
                .steps(steps)
                .array("uuid", historyOwners, Function.identity())
                .history(history);
        long changed = count(UPDATE, arguments);
        if (changed != changes.size()) {
            throw new OptimisticLockingFailureException(
                    "%d of %d sagas changed since they were read.".formatted(changes.size() - changed, changes.size()));
        }
    }

    /** The instances with those ids, locked until the transaction ends; in id order, so that two batches never cross. */
    Map<UUID, StoredSaga> lock(Collection<UUID> sagaIds) {
        return withSteps(query(
                "select " + COLUMNS + " from saga_instance where saga_id = any(?::uuid[]) order by saga_id for update",
                new Arrays().array("uuid", List.copyOf(sagaIds), Function.identity())));
    }

    /** The instances with those ids. */
    Map<UUID, StoredSaga> find(Collection<UUID> sagaIds) {
        return withSteps(query(
                "select " + COLUMNS + " from saga_instance where saga_id = any(?::uuid[])",
                new Arrays().array("uuid", List.copyOf(sagaIds), Function.identity())));
    }

    /** The instances of that saga with those business keys. */
    Map<UUID, StoredSaga> find(String sagaName, Collection<String> keys) {
        return withSteps(query(
                "select " + COLUMNS + " from saga_instance where saga_name = ? and business_key = any(?::text[])",
                new Arrays().value(sagaName).array("text", List.copyOf(keys), Function.identity())));
    }

    private List<StoredSaga> query(String sql, Arrays arguments) {
        return jdbc.query(sql, arguments, (row, number) -> saga(row));
    }

    private Map<UUID, StoredSaga> withSteps(List<StoredSaga> sagas) {
        Map<UUID, StoredSaga> found = new LinkedHashMap<>();
        sagas.forEach(saga -> found.put(saga.sagaId(), saga));
        if (found.isEmpty()) {
            return found;
        }
        // A statement of its own: after waiting for a row lock, a join would still show the steps of the old snapshot.
        jdbc.query("""
                select saga_id, step, status, participant, outcome, attempts, updated_at
                  from saga_step where saga_id = any(?::uuid[])""", new Arrays().array("uuid", sagas, StoredSaga::sagaId), row -> {
            StoredSaga saga = found.get(row.getObject("saga_id", UUID.class));
            if (saga != null) {
                StepState step = step(row);
                saga.steps()
                        .put(
                                step.name(),
                                new StoredStep(
                                        step, row.getTimestamp("updated_at").toInstant()));
            }
        });
        return found;
    }

    private long count(String sql, Arrays arguments) {
        Long count = jdbc.query(sql, arguments, row -> row.next() ? row.getLong(1) : 0L);
        return count == null ? 0 : count;
    }

    private static StoredSaga saga(ResultSet row) throws SQLException {
        String reasonCode = row.getString("reason_code");
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
                row.getBytes("data"),
                row.getLong("row_version"),
                row.getLong("message_sequence"),
                row.getLong("hlc"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                new LinkedHashMap<>());
    }

    private static StepState step(ResultSet row) throws SQLException {
        String outcome = row.getString("outcome");
        return new StepState(
                row.getString("step"),
                StepStatus.valueOf(row.getString("status")),
                row.getString("participant"),
                outcome == null ? null : Outcome.valueOf(outcome),
                row.getInt("attempts"));
    }

    private static @Nullable String nameOf(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }

    /** Arguments of a statement, with the column groups that two statements share. */
    private static final class Arrays extends Arguments<Arrays> {

        Arrays steps(List<StepState> steps) {
            return array("text", steps, StepState::name)
                    .array("text", steps, step -> step.status().name())
                    .array("text", steps, StepState::participant)
                    .array("text", steps, step -> nameOf(step.outcome()))
                    .array("int", steps, StepState::attempts);
        }

        Arrays history(List<HistoryEntry> history) {
            return array("bigint", history, HistoryEntry::clock)
                    .array("text", history, HistoryEntry::event)
                    .array("text", history, HistoryEntry::step)
                    .array("text", history, HistoryEntry::kind)
                    .array("text", history, HistoryEntry::participant)
                    .array("uuid", history, HistoryEntry::messageId)
                    .array("text", history, HistoryEntry::disposition)
                    .array("text", history, HistoryEntry::phase)
                    .array("text", history, HistoryEntry::detail);
        }

        @Override
        protected Arrays self() {
            return this;
        }
    }
}
