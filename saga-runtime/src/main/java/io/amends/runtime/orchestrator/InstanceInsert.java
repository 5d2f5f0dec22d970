package io.amends.runtime.orchestrator;

import static io.amends.runtime.orchestrator.StoreArguments.codeOf;
import static io.amends.runtime.orchestrator.StoreArguments.heldFor;
import static io.amends.runtime.orchestrator.StoreArguments.heldSince;
import static io.amends.runtime.orchestrator.StoreArguments.nameOf;
import static io.amends.runtime.orchestrator.StoreArguments.textOf;

import io.amends.runtime.store.StoredSaga.Begun;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.saga.engine.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** The statement that stores new instances, with their steps and history. */
final class InstanceInsert {

    private static final String INSERT = """
            with %sinstance as (
              insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                                         reason_code, reason, reason_frames, cause_code, cause, data, row_version,
                                         message_sequence, hlc, attributes, trace_id, deadline_at, due_at)
              select n.saga_id, n.saga_name, n.saga_version, n.fingerprint, n.business_key, n.body_hash, n.phase,
                     n.reason_code, n.reason, n.reason_frames, n.cause_code, n.cause, n.data, 0, n.message_sequence, n.hlc,
                     n.attributes::jsonb, n.trace_id,
                     clock_timestamp() + n.deadline * interval '1 millisecond',
                     clock_timestamp() + n.due * interval '1 millisecond'
                from unnest(?::uuid[], ?::text[], ?::int[], ?::text[], ?::text[], ?::bytea[], ?::text[], ?::text[],
                            ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[],
                            ?::bigint[], ?::bigint[], ?::text[], ?::text[])
                     n (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, reason_code,
                        reason, reason_frames, cause_code, cause, data, message_sequence, hlc, deadline, due, attributes, trace_id)%s
              on conflict (saga_name, business_key) do nothing
              returning saga_id),
            step as (
              insert into saga_step (saga_id, step, status, participant, outcome, attempts, error, error_frames,
                                     first_sent_at, due_at, sla_at, held_for, held_since)
              select s.saga_id, s.step, s.status, s.participant, s.outcome, s.attempts, s.error, s.error_frames,
                     clock_timestamp() + s.first_sent * interval '1 millisecond',
                     clock_timestamp() + s.due * interval '1 millisecond',
                     clock_timestamp() + s.sla * interval '1 millisecond', s.held_for,
                     clock_timestamp() + s.held * interval '1 millisecond'
                from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[],
                            ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[])
                     s (saga_id, step, status, participant, outcome, attempts, error, error_frames, first_sent, due, sla,
                        held_for, held)
                join instance using (saga_id)),
            history as (
              insert into saga_history (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase,
                                        detail, place, data, sent_id, sent_step, sent_kind, sent_participant,
                                        sent_detail, command_id, command_place)
              select h.*
                from unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[],
                            ?::text[], ?::text[], ?::text[], ?::bytea[], ?::uuid[], ?::text[], ?::text[], ?::text[],
                            ?::text[], ?::uuid[], ?::text[])
                     h (saga_id, hlc, event, step, kind, participant, message_id, disposition, phase, detail, place, data,
                        sent_id, sent_step, sent_kind, sent_participant, sent_detail, command_id, command_place)
                join instance using (saga_id))
            select saga_id from instance""";

    private static final String INSERT_ONE = INSERT.formatted("", "");

    /** Strangers that share a transaction do not wait long for another one that is about to take a key of one of them. */
    private static final String INSERT_MANY = INSERT.formatted(
            "impatient as materialized (select set_config('lock_timeout', '100ms', true)), ", ", impatient");

    private InstanceInsert() {}

    /** A step or a line of history, and whose. */
    private record Owned<T>(Begun saga, T part) {}

    /** The ids of those whose business key was free. */
    static Set<UUID> insert(JdbcOperations jdbc, List<Begun> sagas) {
        // In key order, so that two such statements never wait for each other crosswise.
        List<Begun> sorted = sagas.stream()
                .sorted(Comparator.comparing((Begun begun) -> begun.saga().name())
                        .thenComparing(begun -> begun.saga().key()))
                .toList();
        List<Owned<StepState>> steps = owned(sorted, begun -> begun.first().changedSteps());
        List<Owned<HistoryEntry>> history = owned(sorted, begun -> begun.first().history());
        StoreArguments arguments = new StoreArguments()
                .array("uuid", sorted, begun -> begun.saga().sagaId())
                .array("text", sorted, begun -> begun.saga().name())
                .array("int", sorted, begun -> begun.saga().version())
                .array("text", sorted, begun -> begun.saga().fingerprint())
                .array("text", sorted, begun -> begun.saga().key())
                .array("bytea", sorted, begun -> begun.saga().bodyHash())
                .array("text", sorted, begun -> begun.first().state().phase().name())
                .array("text", sorted, begun -> nameOf(begun.first().state().reasonCode()))
                .array("text", sorted, begun -> begun.first().reason())
                .array("text", sorted, begun -> begun.first().state().reasonFrames())
                .array("text", sorted, begun -> codeOf(begun.first().state().cause()))
                .array("text", sorted, begun -> textOf(begun.first().state().cause()))
                .array("bytea", sorted, begun -> begun.first().data())
                .array("bigint", sorted, begun -> begun.first().sequence())
                .array("bigint", sorted, begun -> begun.first().clock())
                .array(
                        "bigint",
                        sorted,
                        begun -> millis(begun, begun.first().state().deadlineAt()))
                .array(
                        "bigint",
                        sorted,
                        begun -> millis(begun, begun.first().state().dueAt()))
                .array(
                        "text",
                        sorted,
                        begun -> AttributesJson.write(begun.first().attributes()))
                .array("text", sorted, Begun::traceId)
                .array("uuid", steps, step -> step.saga().saga().sagaId())
                .steps(steps.stream().map(Owned::part).toList())
                .array("bigint", steps, step -> millis(step.saga(), step.part().firstSentAt()))
                .array("bigint", steps, step -> millis(step.saga(), step.part().dueAt()))
                .array("bigint", steps, step -> millis(step.saga(), step.part().slaAt()))
                .array("text", steps, step -> heldFor(step.part()))
                .array("bigint", steps, step -> millis(step.saga(), heldSince(step.part())))
                .array("uuid", history, entry -> entry.saga().saga().sagaId())
                .history(history.stream().map(Owned::part).toList());
        Set<UUID> stored = new HashSet<>();
        jdbc.query(sorted.size() == 1 ? INSERT_ONE : INSERT_MANY, arguments, row -> {
            stored.add(row.getObject(1, UUID.class));
        });
        return stored;
    }

    private static <T> List<Owned<T>> owned(List<Begun> sagas, Function<Begun, List<T>> parts) {
        List<Owned<T>> owned = new ArrayList<>();
        sagas.forEach(begun -> parts.apply(begun).forEach(part -> owned.add(new Owned<>(begun, part))));
        return owned;
    }

    private static @Nullable Long millis(Begun begun, @Nullable Instant to) {
        return to == null ? null : Duration.between(begun.at(), to).toMillis();
    }
}
