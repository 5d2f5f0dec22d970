package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.runtime.SagaListener;
import io.amends.runtime.SagaQuery;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.orchestrator.Progress.Applied;
import io.amends.runtime.orchestrator.Starts.Joined;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.StoredStep;
import io.amends.runtime.store.SubSagaStore.Link;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.Held;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Starts sagas and reads them; what happens afterwards is {@link ReplyProcessor}'s. Safe for use by many threads. */
final class Orchestrator implements Sagas {

    private final SagaRegistry registry;
    private final SagaStore store;
    private final Progress.Tools tools;
    private final PayloadCodec codec;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final Listeners listeners;
    private final Starts starts;

    Orchestrator(
            SagaRegistry registry,
            SagaStore store,
            Progress.Tools tools,
            Outbox outbox,
            PlatformTransactionManager transactions,
            Listeners listeners,
            Supplier<UUID> ids) {
        this.registry = registry;
        this.store = store;
        this.tools = tools;
        this.codec = tools.codec();
        this.outbox = outbox;
        this.transaction = new TransactionTemplate(transactions);
        this.listeners = listeners;
        this.starts = new Starts(store, tools, outbox, transactions, listeners, ids, Starts.LIMITS);
    }

    @Override
    public StartedSaga start(Class<?> sagaClass, Object data, SagaKey key) {
        return start(
                registry.ofClass(sagaClass)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "%s is not a registered saga. Registered: %s. A saga class carries @Saga, is not abstract and lies in or below the application's package."
                                        .formatted(sagaClass.getName(), registry.names()))),
                data,
                key);
    }

    @Override
    public StartedSaga start(String sagaName, Object data, SagaKey key) {
        return start(
                registry.newest(sagaName)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "There is no saga named '%s'. Registered: %s.".formatted(sagaName, registry.names()))),
                data,
                key);
    }

    private StartedSaga start(SagaDefinition definition, Object data, SagaKey key) {
        if (!definition.dataType().isInstance(data)) {
            throw new IllegalArgumentException("Saga '%s' takes a %s, not a %s."
                    .formatted(
                            definition.name(),
                            definition.dataType().getName(),
                            data.getClass().getName()));
        }
        tools.traffic().beforeStart(definition.name());
        SagaObserver.Work work = tools.observer().starts(definition.name(), definition.version());
        try {
            StartedSaga started = starts.start(definition, data, key);
            work.came(started.created() ? "started" : "known");
            return started;
        } catch (RuntimeException thrown) {
            work.threw(thrown);
            throw thrown;
        } finally {
            work.end();
        }
    }

    /** Starts a saga for a step of another one, in the running transaction: what has begun is not slowed or refused. */
    Joined startInTransaction(SagaDefinition definition, Object data, SagaKey key) {
        return starts.join(definition, data, key);
    }

    void tellAfterCommit(List<SagaListener.Change> changes) {
        listeners.tellAfterCommit(changes);
    }

    @Override
    public boolean signal(String sagaName, SagaKey key, String signal, Reply reply) {
        Contract.requireDecided(reply);
        return transaction.execute(status -> {
            outbox.requireTransaction();
            UUID sagaId = store.find(sagaName, List.of(key.value())).keySet().stream()
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no saga '%s' with key '%s'.".formatted(sagaName, key.value())));
            StoredSaga saga = store.lock(List.of(sagaId)).values().iterator().next();
            SagaDefinition definition = registry.find(saga.name(), saga.version())
                    .orElseThrow(() -> new IllegalStateException(
                            "Saga '%s' with key '%s' is of version %d, which this process does not have."
                                    .formatted(sagaName, key.value(), saga.version())));
            refuseWhatNoStepAwaits(definition, reply);
            Progress progress = Progress.resume(tools, definition, saga);
            Applied applied = progress.apply(new SagaEvent.SignalReceived(signal, reply), null);
            progress.runLocalSteps(applied.localSteps(), null);
            Batch batch = new Batch(store, outbox, tools.ends(), tools.observer());
            batch.add(saga, progress);
            tellAfterCommit(batch.store());
            return applied.disposition() == Disposition.ACCEPTED;
        });
    }

    /** A word of a type that is never awaited is a slip of the caller's, not one that comes too early or too late. */
    private static void refuseWhatNoStepAwaits(SagaDefinition definition, Reply reply) {
        List<Class<? extends Reply>> awaited = definition.steps().stream()
                .map(StepDefinition::action)
                .filter(StepAction.Await.class::isInstance)
                .<Class<? extends Reply>>map(action -> ((StepAction.Await) action).replyType())
                .toList();
        if (!awaited.isEmpty() && awaited.stream().noneMatch(type -> type.isInstance(reply))) {
            throw new IllegalArgumentException("No step of saga '%s' waits for a %s; what is waited for: %s."
                    .formatted(
                            definition.name(),
                            reply.getClass().getSimpleName(),
                            awaited.stream().map(Class::getSimpleName).collect(Collectors.joining(", "))));
        }
    }

    @Override
    public Optional<SagaSnapshot> find(UUID sagaId) {
        return snapshots(store.find(List.of(sagaId)).values()).stream().findFirst();
    }

    @Override
    public Optional<SagaSnapshot> find(String sagaName, SagaKey key) {
        return findAll(sagaName, List.of(key)).stream().findFirst();
    }

    @Override
    public List<SagaSnapshot> findAll(String sagaName, Collection<SagaKey> keys) {
        return snapshots(
                store.find(sagaName, keys.stream().map(SagaKey::value).toList()).values());
    }

    @Override
    public List<SagaSnapshot> search(SagaQuery query) {
        Map<UUID, StoredSaga> found = store.find(store.search(query));
        return snapshots(found.values().stream()
                .filter(saga -> registry.find(saga.name(), saga.version()).isPresent())
                .sorted(Comparator.comparing(saga -> saga.sagaId().toString()))
                .toList());
    }

    private List<SagaSnapshot> snapshots(Collection<StoredSaga> sagas) {
        List<UUID> linked = sagas.stream()
                .filter(saga -> registry.find(saga.name(), saga.version())
                        .filter(Orchestrator::mayHaveLinks)
                        .isPresent())
                .map(StoredSaga::sagaId)
                .toList();
        List<Link> links = linked.isEmpty() ? List.of() : store.subSagas().around(linked);
        return sagas.stream().map(saga -> snapshot(saga, links)).toList();
    }

    private static boolean mayHaveLinks(SagaDefinition definition) {
        return definition.subSaga()
                || definition.steps().stream()
                        .anyMatch(step -> step.action() instanceof StepAction.Remote remote && remote.starts() != null);
    }

    private SagaSnapshot snapshot(StoredSaga saga, List<Link> links) {
        SagaDefinition definition = registry.find(saga.name(), saga.version())
                .orElseThrow(() ->
                        new IllegalStateException("Saga %s is of '%s' version %d, which this process does not have."
                                .formatted(saga.sagaId(), saga.name(), saga.version())));
        List<SagaSnapshot.Step> steps = definition.steps().stream()
                .map(step -> {
                    StoredStep stored = saga.steps().get(step.name());
                    if (stored == null) {
                        return new SagaSnapshot.Step(step.name(), StepStatus.PENDING, null, null, null);
                    }
                    StepState state = stored.state();
                    Held held = state.held();
                    return new SagaSnapshot.Step(
                            step.name(),
                            state.status(),
                            state.participant(),
                            stored.updatedAt(),
                            held == null ? null : held.participant());
                })
                .toList();
        return new SagaSnapshot(
                saga.sagaId(),
                saga.name(),
                saga.version(),
                saga.key(),
                saga.phase(),
                codec.decode(saga.data(), definition.dataType()),
                saga.reasonCode() == null ? null : saga.reasonCode().name(),
                saga.reason(),
                saga.attributes(),
                steps,
                saga.rowVersion(),
                saga.createdAt(),
                saga.updatedAt(),
                links.stream()
                        .filter(link -> link.sagaId().equals(saga.sagaId()))
                        .findFirst()
                        .map(link -> new SagaSnapshot.Parent(link.parentId(), link.parentName(), link.parentStep()))
                        .orElse(null),
                links.stream()
                        .filter(link -> link.parentId().equals(saga.sagaId()))
                        .map(link -> new SagaSnapshot.Child(link.sagaId(), link.parentStep()))
                        .toList());
    }
}
