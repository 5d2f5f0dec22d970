package io.amends.runtime.orchestrator;

import static io.amends.runtime.orchestrator.StoreArguments.codeOf;
import static io.amends.runtime.orchestrator.StoreArguments.heldSince;
import static io.amends.runtime.orchestrator.StoreArguments.nameOf;
import static io.amends.runtime.orchestrator.StoreArguments.reasonOf;
import static io.amends.runtime.orchestrator.StoreArguments.text;
import static io.amends.runtime.orchestrator.StoreArguments.textOf;
import static io.amends.runtime.orchestrator.StoreArguments.triedOf;
import static io.amends.runtime.orchestrator.StoreArguments.untilOf;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.store.HeldSteps;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Begun;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.StoredStep;
import io.amends.runtime.store.SubSagaStore;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The tables {@code saga_instance}, {@code saga_step} and {@code saga_history}. Every method is one statement, or two,
 * whatever the number of instances. Safe for use by many threads.
 */
public final class JdbcSagaStore implements SagaStore, HeldSteps {

    private static final String COLUMNS = """
            saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, reason_code, reason,
            reason_frames, cause_code, cause, data, row_version, message_sequence, hlc, deadline_at, overdue, pause_reason,
            paused_until, attributes, created_at, updated_at, clock_timestamp() as read_at""";

    private static final String UPDATE = """
            with changed as (
              update saga_instance i
                 set phase = c.phase, reason_code = c.reason_code, reason = c.reason,
                     reason_frames = c.reason_frames, cause_code = c.cause_code, cause = c.cause, data = c.data,
                     message_sequence = c.message_sequence, hlc = c.hlc,
                     deadline_at = c.deadline_at, overdue = c.overdue, pause_reason = c.pause_reason,
                     paused_until = c.paused_until,
                     attributes = nullif(coalesce(c.attributes::jsonb, i.attributes), '{}'),
                     due_at = case when c.due_exactly or c.due_at is null then c.due_at
                                   else least(i.due_at, c.due_at) end,
                     due_failures = 0, row_version = i.row_version + 1, updated_at = clock_timestamp(),
                     tried = c.tried,
                     stuck_since = case when c.phase = 'STUCK' then coalesce(i.stuck_since, clock_timestamp()) end
                from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::bytea[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::boolean[], ?::text[], ?::timestamptz[],
                            ?::timestamptz[], ?::boolean[], ?::text[], ?::int[])
                     c (saga_id, row_version, phase, reason_code, reason, reason_frames, cause_code, cause, data,
                        message_sequence, hlc, deadline_at, overdue, pause_reason, paused_until, due_at, due_exactly,
                        attributes, tried)
               where i.saga_id = c.saga_id and i.row_version = c.row_version
              returning i.saga_id),
            step as (
              insert into saga_step (saga_id, step, status, participant, outcome, attempts, error, error_frames,
                                     first_sent_at, due_at, sla_at, held_for, held_since, round)
              select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[],
                                   ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::timestamptz[],
                                   ?::int[])
              on conflict (saga_id, step) do update
                 set status = excluded.status, participant = excluded.participant, outcome = excluded.outcome,
                     attempts = excluded.attempts, error = excluded.error, error_frames = excluded.error_frames,
                     first_sent_at = excluded.first_sent_at,
                     due_at = excluded.due_at, sla_at = excluded.sla_at, held_for = excluded.held_for,
                     held_since = excluded.held_since, round = excluded.round, updated_at = clock_timestamp()),
            history as (
              insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase,
                                        detail, place, data, sent_id, sent_step, sent_kind, sent_participant,
                                        sent_detail, command_id, command_place)
              select * from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[],
                                   ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::uuid[], ?::text[],
                                   ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[]))
            select count(*) from changed""";

    private final JdbcOperations jdbc;
    private final SagaSearch search;

    /** In that database. */
    public JdbcSagaStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
        this.search = new SagaSearch(jdbc);
    }

    @Override
    public boolean insert(StoredSaga saga, Change first, Instant now) {
        return !insertAll(List.of(new Begun(saga, first, now, null))).isEmpty();
    }

    @Override
    public Set<UUID> insertAll(List<Begun> sagas) {
        return InstanceInsert.insert(jdbc, sagas);
    }

    @Override
    public void update(List<Change> changes) {
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
        StoreArguments arguments = new StoreArguments()
                .array("uuid", changes, Change::sagaId)
                .array("bigint", changes, Change::expectedVersion)
                .array("text", changes, change -> change.state().phase().name())
                .array("text", changes, change -> nameOf(change.state().reasonCode()))
                .array("text", changes, Change::reason)
                .array("text", changes, change -> change.state().reasonFrames())
                .array("text", changes, change -> codeOf(change.state().cause()))
                .array("text", changes, change -> textOf(change.state().cause()))
                .array("bytea", changes, Change::data)
                .array("bigint", changes, Change::sequence)
                .array("bigint", changes, Change::clock)
                .array("timestamptz", changes, change -> text(change.state().deadlineAt()))
                .array("boolean", changes, change -> change.state().overdue())
                .array("text", changes, change -> reasonOf(change.state().pause()))
                .array("timestamptz", changes, change -> untilOf(change.state().pause()))
                .array("timestamptz", changes, change -> text(change.state().dueAt()))
                .array("boolean", changes, Change::dueExactly)
                .array("text", changes, change -> AttributesJson.write(change.attributes()))
                .array("int", changes, change -> triedOf(change.state()))
                .array("uuid", stepOwners, Function.identity())
                .steps(steps)
                .array("timestamptz", steps, step -> text(step.firstSentAt()))
                .array("timestamptz", steps, step -> text(step.dueAt()))
                .array("timestamptz", steps, step -> text(step.slaAt()))
                .array("text", steps, StoreArguments::heldFor)
                .array("timestamptz", steps, step -> text(heldSince(step)))
                .array("int", steps, StoreArguments::roundOf)
                .array("uuid", historyOwners, Function.identity())
                .history(history);
        long changed = count(UPDATE, arguments);
        if (changed != changes.size()) {
            throw new OptimisticLockingFailureException(
                    "%d of %d sagas changed since they were read.".formatted(changes.size() - changed, changes.size()));
        }
    }

    // A statement of its own, so that the one for all other changes has no columns for the rarest.
    @Override
    public void moveTo(UUID sagaId, SagaDefinition definition) {
        jdbc.update(
                "update saga_instance set saga_version = ?, fingerprint = ? where saga_id = ?",
                definition.version(),
                definition.fingerprint(),
                sagaId);
    }

    @Override
    public Optional<String> noted(String sagaName, int version, String fingerprint) {
        return jdbc
                .queryForList(
                        "select text from saga_definition where saga_name = ? and saga_version = ? and fingerprint = ?",
                        String.class,
                        sagaName,
                        version,
                        fingerprint)
                .stream()
                .findFirst();
    }

    // In id order, so that two batches never cross.
    @Override
    public Map<UUID, StoredSaga> lock(Collection<UUID> sagaIds) {
        return withSteps(query(
                "select " + COLUMNS + " from saga_instance where saga_id = any(?::uuid[]) order by saga_id for update",
                new StoreArguments().array("uuid", List.copyOf(sagaIds), Function.identity())));
    }

    @Override
    public Map<UUID, StoredSaga> find(Collection<UUID> sagaIds) {
        return withSteps(query(
                "select " + COLUMNS + " from saga_instance where saga_id = any(?::uuid[])",
                new StoreArguments().array("uuid", List.copyOf(sagaIds), Function.identity())));
    }

    @Override
    public Map<UUID, StoredSaga> find(String sagaName, Collection<String> keys) {
        return withSteps(query(
                "select " + COLUMNS + " from saga_instance where saga_name = ? and business_key = any(?::text[])",
                new StoreArguments().value(sagaName).array("text", List.copyOf(keys), Function.identity())));
    }

    @Override
    public Map<UUID, StoredSaga> lockDue(Collection<SagaDefinition> definitions, int most) {
        List<SagaDefinition> known = List.copyOf(definitions);
        return withSteps(query(
                "select " + COLUMNS + """
                         from saga_instance i
                        where i.due_at <= clock_timestamp()
                          and exists (select from unnest(?::text[], ?::int[]) d (name, version)
                                       where d.name = i.saga_name and d.version = i.saga_version)
                        order by i.due_at limit ? for update skip locked""",
                new StoreArguments()
                        .array("text", known, SagaDefinition::name)
                        .array("int", known, SagaDefinition::version)
                        .value(most)));
    }

    @Override
    public Set<String> waitedFor(Collection<SagaDefinition> definitions, Set<String> participants) {
        List<SagaDefinition> known = List.copyOf(definitions);
        return Set.copyOf(jdbc.query(
                """
                select p from unnest(?::text[]) p
                 where exists (select from saga_step s join saga_instance i using (saga_id)
                                 join unnest(?::text[], ?::int[]) d (name, version)
                                   on d.name = i.saga_name and d.version = i.saga_version
                                where s.held_for = p and i.phase = 'RUNNING' and i.pause_reason is null)""",
                new StoreArguments()
                        .array("text", List.copyOf(participants), Function.identity())
                        .array("text", known, SagaDefinition::name)
                        .array("int", known, SagaDefinition::version),
                (row, number) -> row.getString(1)));
    }

    @Override
    public Map<UUID, StoredSaga> lockHeld(Collection<SagaDefinition> definitions, String participant, int most) {
        List<SagaDefinition> known = List.copyOf(definitions);
        return withSteps(query(
                "select " + COLUMNS + """
                         from saga_instance i
                         join (select saga_id, held_since from saga_step where held_for = ?) h using (saga_id)
                        where i.phase = 'RUNNING' and i.pause_reason is null
                          and exists (select from unnest(?::text[], ?::int[]) d (name, version)
                                       where d.name = i.saga_name and d.version = i.saga_version)
                        order by h.held_since limit ? for update of i skip locked""",
                new StoreArguments()
                        .value(participant)
                        .array("text", known, SagaDefinition::name)
                        .array("int", known, SagaDefinition::version)
                        .value(most)));
    }

    @Override
    public void requeue(String participant, List<UUID> sagaIds) {
        jdbc.update(
                "update saga_step set held_since = clock_timestamp() where held_for = ? and saga_id = any(?::uuid[])",
                new StoreArguments().value(participant).array("uuid", sagaIds, Function.identity()));
    }

    @Override
    public void postpone(List<UUID> sagaIds) {
        jdbc.update("""
                update saga_instance
                   set due_failures = due_failures + 1,
                       due_at = clock_timestamp() + least(300, 2 ^ least(due_failures, 10)) * interval '1 second'
                 where saga_id = any(?::uuid[]) and due_at is not null""", new StoreArguments().array("uuid", sagaIds, Function.identity()));
    }

    @Override
    public SubSagaStore subSagas() {
        return new JdbcSubSagaStore(jdbc);
    }

    @Override
    public List<UUID> search(SagaQuery query) {
        return search.find(query);
    }

    @Override
    public void audit(AuditEntry entry) {
        jdbc.update(
                """
                insert into saga_audit (saga_id, verb, operator, reason, detail, outcome, phase_before, phase_after)
                values (?, ?, ?, ?, ?, ?, ?, ?)""",
                entry.sagaId(),
                entry.verb(),
                entry.operator(),
                entry.reason(),
                entry.detail(),
                entry.outcome(),
                entry.phaseBefore(),
                entry.phaseAfter());
    }

    private List<StoredSaga> query(String sql, StoreArguments arguments) {
        return jdbc.query(sql, arguments, (row, number) -> SagaRows.saga(row));
    }

    private Map<UUID, StoredSaga> withSteps(List<StoredSaga> sagas) {
        Map<UUID, StoredSaga> found = new LinkedHashMap<>();
        sagas.forEach(saga -> found.put(saga.sagaId(), saga));
        if (found.isEmpty()) {
            return found;
        }
        // A statement of its own: after waiting for a row lock, a join would still show the steps of the old snapshot.
        jdbc.query("""
                select saga_id, step, status, participant, outcome, attempts, first_sent_at, due_at, error, error_frames, sla_at, held_for,
                       held_since, round, updated_at
                  from saga_step where saga_id = any(?::uuid[])""", new StoreArguments().array("uuid", sagas, StoredSaga::sagaId), row -> {
            StoredSaga saga = found.get(row.getObject("saga_id", UUID.class));
            if (saga != null) {
                StepState step = SagaRows.step(row);
                saga.steps()
                        .put(
                                step.name(),
                                new StoredStep(
                                        step, row.getTimestamp("updated_at").toInstant()));
            }
        });
        return found;
    }

    private long count(String sql, StoreArguments arguments) {
        Long count = jdbc.query(sql, arguments, row -> row.next() ? row.getLong(1) : 0L);
        return count == null ? 0 : count;
    }
}
