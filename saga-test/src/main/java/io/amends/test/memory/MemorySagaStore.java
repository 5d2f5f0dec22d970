package io.amends.test.memory;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.store.HeldSteps;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.StoredStep;
import io.amends.runtime.store.SubSagaStore;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Held;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.OptimisticLockingFailureException;

/** Instances in a {@link MemoryDatabase}. Safe for use by many threads. */
public final class MemorySagaStore implements SagaStore, HeldSteps {

    private static final Set<StepStatus> OPEN =
            EnumSet.of(StepStatus.SENT, StepStatus.UNKNOWN, StepStatus.COMPENSATING, StepStatus.COMPENSATION_FAILED);
    private static final int LONGEST_POSTPONEMENT_SECONDS = 300;

    private final MemoryDatabase database;
    private final MemoryTable<UUID, Row> instances;
    private final MemoryTable<BusinessKey, UUID> keys;
    private final MemoryTable<HistoryKey, HistoryEntry> history;
    private final MemoryTable<Long, AuditEntry> audit;
    private final MemorySubSagaStore subSagas;

    /** In that database. */
    public MemorySagaStore(MemoryDatabase database) {
        this.database = database;
        this.instances = database.table("saga_instance");
        this.keys = database.table("saga_instance_key");
        this.history = database.table("saga_history");
        this.audit = database.table("saga_audit");
        this.subSagas = new MemorySubSagaStore(database);
    }

    private record Row(StoredSaga saga, @Nullable Instant dueAt, int dueFailures) {}

    private record BusinessKey(String sagaName, String key) {}

    private record HistoryKey(UUID sagaId, long clock) {}

    @Override
    public SubSagaStore subSagas() {
        return subSagas;
    }

    @Override
    public boolean insert(StoredSaga saga, Change first, Instant now) {
        if (!keys.insert(new BusinessKey(saga.name(), saga.key()), saga.sagaId())) {
            return false;
        }
        Duration shift = Duration.between(now, database.now());
        SagaState state = first.state();
        Map<String, StoredStep> steps = new LinkedHashMap<>();
        first.changedSteps()
                .forEach(step ->
                        steps.put(step.name(), new StoredStep(StoredSagas.shifted(step, shift), database.now())));
        Row row = new Row(
                StoredSagas.after(
                        saga,
                        first,
                        0,
                        StoredSagas.shifted(state.deadlineAt(), shift),
                        steps,
                        database.now(),
                        database.now()),
                StoredSagas.shifted(state.dueAt(), shift),
                0);
        if (!instances.insert(saga.sagaId(), row)) {
            throw new DuplicateKeyException("There is a saga %s already.".formatted(saga.sagaId()));
        }
        note(first);
        return true;
    }

    @Override
    public void update(List<Change> changes) {
        for (Change change : changes) {
            Row before = instances.lock(change.sagaId()).orElse(null);
            if (before == null || before.saga().rowVersion() != change.expectedVersion()) {
                throw new OptimisticLockingFailureException(
                        "Saga %s changed since it was read.".formatted(change.sagaId()));
            }
            Map<String, StoredStep> steps = new LinkedHashMap<>(before.saga().steps());
            change.changedSteps().forEach(step -> steps.put(step.name(), new StoredStep(step, database.now())));
            instances.put(
                    change.sagaId(),
                    new Row(
                            StoredSagas.after(
                                    before.saga(),
                                    change,
                                    change.expectedVersion() + 1,
                                    change.state().deadlineAt(),
                                    steps,
                                    before.saga().createdAt(),
                                    database.now()),
                            dueAt(before.dueAt(), change),
                            0));
            note(change);
        }
    }

    /** An earlier time that is stored stays where it need not be exact, as in the real store, and costs a look in vain. */
    private static @Nullable Instant dueAt(@Nullable Instant before, Change change) {
        Instant after = change.state().dueAt();
        return change.dueExactly() || after == null || before == null || after.isBefore(before) ? after : before;
    }

    private void note(Change change) {
        for (HistoryEntry entry : change.history()) {
            if (!history.insert(new HistoryKey(change.sagaId(), entry.clock()), entry)) {
                throw new DuplicateKeyException(
                        "The history of saga %s has a line at %d already.".formatted(change.sagaId(), entry.clock()));
            }
        }
    }

    @Override
    public void moveTo(UUID sagaId, SagaDefinition definition) {
        instances
                .lock(sagaId)
                .ifPresent(row -> instances.put(
                        sagaId, new Row(StoredSagas.moved(row.saga(), definition), row.dueAt(), row.dueFailures())));
    }

    @Override
    public Map<UUID, StoredSaga> lock(Collection<UUID> sagaIds) {
        return found(sagaIds.stream().sorted().map(instances::lock));
    }

    @Override
    public Map<UUID, StoredSaga> find(Collection<UUID> sagaIds) {
        return found(sagaIds.stream().map(instances::get));
    }

    @Override
    public Map<UUID, StoredSaga> find(String sagaName, Collection<String> businessKeys) {
        return find(businessKeys.stream()
                .flatMap(key -> keys.get(new BusinessKey(sagaName, key)).stream())
                .toList());
    }

    @Override
    public Map<UUID, StoredSaga> lockDue(Collection<SagaDefinition> definitions, int most) {
        return found(instances.values().stream()
                .filter(this::isDue)
                .filter(row -> definitions.stream().anyMatch(definition -> isOf(row.saga(), definition)))
                .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.dueAt())))
                .map(row -> instances.lockUnlessLocked(row.saga().sagaId()))
                // Another transaction may have moved it on between the look and the lock.
                .map(locked -> locked.filter(this::isDue))
                .filter(Optional::isPresent)
                .limit(most));
    }

    private boolean isDue(Row row) {
        return row.dueAt() != null && !row.dueAt().isAfter(database.now());
    }

    /** What the real table of waiting replies does to their instances. */
    void markUnhandled(List<UUID> sagaIds) {
        for (UUID sagaId : sagaIds) {
            instances
                    .lock(sagaId)
                    .filter(row -> row.saga().phase() == SagaPhase.RUNNING
                            || row.saga().phase() == SagaPhase.COMPENSATING)
                    .ifPresent(row -> instances.put(
                            sagaId,
                            new Row(
                                    StoredSagas.unhandled(row.saga(), database.now()),
                                    row.dueAt(),
                                    row.dueFailures())));
        }
    }

    @Override
    public Set<String> waitedFor(Collection<SagaDefinition> definitions, Set<String> participants) {
        return participants.stream()
                .filter(participant ->
                        waiting(definitions, participant).findAny().isPresent())
                .collect(Collectors.toSet());
    }

    private Stream<Row> waiting(Collection<SagaDefinition> definitions, String participant) {
        return instances.values().stream()
                .filter(row ->
                        row.saga().phase() == SagaPhase.RUNNING && row.saga().pause() == null)
                .filter(row -> heldSince(row.saga(), participant) != null)
                .filter(row -> definitions.stream().anyMatch(definition -> isOf(row.saga(), definition)));
    }

    @Override
    public Map<UUID, StoredSaga> lockHeld(Collection<SagaDefinition> definitions, String participant, int most) {
        return found(waiting(definitions, participant)
                .sorted(Comparator.comparing(row -> Objects.requireNonNull(heldSince(row.saga(), participant))))
                .map(row -> instances.lockUnlessLocked(row.saga().sagaId()))
                .filter(Optional::isPresent)
                .limit(most));
    }

    @Override
    public void requeue(String participant, List<UUID> sagaIds) {
        for (UUID sagaId : sagaIds) {
            instances.lock(sagaId).ifPresent(row -> {
                Map<String, StoredStep> steps = new LinkedHashMap<>(row.saga().steps());
                steps.replaceAll((name, step) ->
                        isHeldFor(step, participant) ? StoredSagas.heldSince(step, database.now()) : step);
                instances.put(
                        sagaId,
                        new Row(
                                StoredSagas.withSteps(row.saga(), steps, database.now()),
                                row.dueAt(),
                                row.dueFailures()));
            });
        }
    }

    private static boolean isHeldFor(StoredStep step, String participant) {
        Held held = step.state().held();
        return held != null && held.participant().equals(participant);
    }

    private static @Nullable Instant heldSince(StoredSaga saga, String participant) {
        return saga.steps().values().stream()
                .filter(step -> isHeldFor(step, participant))
                .map(step -> Objects.requireNonNull(step.state().held()).since())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    static boolean isOf(StoredSaga saga, SagaDefinition definition) {
        return saga.name().equals(definition.name()) && saga.version() == definition.version();
    }

    @Override
    public void postpone(List<UUID> sagaIds) {
        for (UUID sagaId : sagaIds) {
            instances.lock(sagaId).filter(row -> row.dueAt() != null).ifPresent(row -> {
                long seconds = Math.min(LONGEST_POSTPONEMENT_SECONDS, 1L << Math.min(row.dueFailures(), 10));
                instances.put(sagaId, new Row(row.saga(), database.now().plusSeconds(seconds), row.dueFailures() + 1));
            });
        }
    }

    @Override
    public List<UUID> search(SagaQuery query) {
        return instances.values().stream()
                .map(Row::saga)
                .filter(saga -> matches(saga, query))
                .map(StoredSaga::sagaId)
                .filter(id -> query.after() == null || order(id).compareTo(order(query.after())) > 0)
                .sorted(Comparator.comparing(MemorySagaStore::order))
                .limit(query.most())
                .toList();
    }

    /** As PostgreSQL orders ids: by their bytes without sign, which Java's order of UUIDs is not. */
    private static String order(UUID id) {
        return id.toString();
    }

    private boolean matches(StoredSaga saga, SagaQuery query) {
        return (query.sagaName() == null || query.sagaName().equals(saga.name()))
                && (query.version() == null || query.version() == saga.version())
                && (query.key() == null || query.key().equals(saga.key()))
                && (query.phases().isEmpty() || query.phases().contains(saga.phase()))
                && (query.openStep() == null || isOpen(saga.steps().get(query.openStep())))
                && (query.reasonCode() == null || query.reasonCode() == saga.reasonCode())
                && (query.messageId() == null
                        || history(saga.sagaId()).stream()
                                .anyMatch(entry -> query.messageId().equals(entry.messageId())
                                        || (entry.sent() != null
                                                && query.messageId()
                                                        .equals(entry.sent().messageId()))))
                && saga.attributes().entrySet().containsAll(query.attributes().entrySet())
                && (query.olderThan() == null
                        || !saga.createdAt().isAfter(database.now().minus(query.olderThan())));
    }

    private static boolean isOpen(@Nullable StoredStep step) {
        return step != null && OPEN.contains(step.state().status());
    }

    @Override
    public void audit(AuditEntry entry) {
        audit.put(database.next(), entry);
    }

    /** What operators did, in order. */
    public List<AuditEntry> audit() {
        return audit.values();
    }

    /** When something is due next, empty if nothing ever is. */
    public Optional<Instant> nextDueAt() {
        return instances.values().stream()
                .map(Row::dueAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    /** An instance's history, by its logical clock. */
    public List<HistoryEntry> history(UUID sagaId) {
        return history.entries().entrySet().stream()
                .filter(row -> row.getKey().sagaId().equals(sagaId))
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparingLong(HistoryEntry::clock))
                .toList();
    }

    /** All instances, in the order in which they were started. */
    public List<StoredSaga> all() {
        return instances.values().stream().map(row -> read(row.saga())).toList();
    }

    private StoredSaga read(StoredSaga saga) {
        return StoredSagas.withSteps(saga, new LinkedHashMap<>(saga.steps()), database.now());
    }

    private Map<UUID, StoredSaga> found(Stream<Optional<Row>> rows) {
        Map<UUID, StoredSaga> found = new LinkedHashMap<>();
        rows.flatMap(Optional::stream).forEach(row -> found.put(row.saga().sagaId(), read(row.saga())));
        return found;
    }
}
