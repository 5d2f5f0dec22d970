package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.SagaKeyConflictException;
import io.amends.runtime.SagaListener;
import io.amends.runtime.StartedSaga;
import io.amends.runtime.observation.Milestone;
import io.amends.runtime.orchestrator.Progress.Applied;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Begun;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Begins sagas. A caller's transaction is joined; callers without one that come at the same moment share one, which costs
 * the same few statements and one commit for all of them. Safe for use by many threads.
 */
final class Starts {

    /** Of starts in one transaction. A transaction that hangs keeps the others for no longer than the patience. */
    static final Gathering.Limits LIMITS = new Gathering.Limits(100, 1 << 20, Duration.ofMillis(500));

    private final SagaStore store;
    private final Progress.Tools tools;
    private final PayloadCodec codec;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final Listeners listeners;
    private final Supplier<UUID> ids;
    private final Gathering<Start, Outcome> gathering;

    Starts(
            SagaStore store,
            Progress.Tools tools,
            Outbox outbox,
            PlatformTransactionManager transactions,
            Listeners listeners,
            Supplier<UUID> ids,
            Gathering.Limits limits) {
        this.store = store;
        this.tools = tools;
        this.codec = tools.codec();
        this.outbox = outbox;
        this.transaction = new TransactionTemplate(transactions);
        this.listeners = listeners;
        this.ids = ids;
        this.gathering = new Gathering<>(
                limits,
                start -> start.begun().saga().data().length,
                starts -> transaction.execute(status -> begin(starts)));
    }

    /** A saga that is decided and not stored yet; with a local step, nothing but its key is. */
    private record Start(
            SagaDefinition definition,
            SagaKey key,
            Begun begun,
            List<OutboxMessage> messages,
            List<Milestone> milestones) {

        UUID sagaId() {
            return begun.saga().sagaId();
        }

        SagaListener.Change change() {
            return new SagaListener.Change(
                    sagaId(), definition.name(), key.value(), begun.saga().phase());
        }
    }

    /** What came of a start: the saga, or what the caller did wrong. */
    private record Outcome(
            @Nullable StartedSaga started, @Nullable RuntimeException refusal) {

        boolean isNew() {
            return started != null && started.created();
        }

        StartedSaga orThrow() {
            if (started == null) {
                throw refusal == null ? new IllegalStateException("A start has no outcome.") : refusal;
            }
            return started;
        }
    }

    /** Starts it, or finds the one that has its key. */
    StartedSaga start(SagaDefinition definition, Object data, SagaKey key) {
        Prepared prepared = prepare(definition, data, key);
        Start start = prepared.start();
        if (prepared.isLocal()) {
            return transaction.execute(status -> join(prepared).saga());
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()
                || TransactionSynchronizationManager.isActualTransactionActive()) {
            return beginAlone(start);
        }
        return gathering.join(start).map(Outcome::orThrow).orElseGet(() -> beginAlone(start));
    }

    /** What a start came to, and where the instance stands then; where it was started before, that is not looked up. */
    record Joined(StartedSaga saga, @Nullable SagaState state) {}

    /** Starts it in the running transaction, which can go on if this throws what the caller did wrong. */
    Joined join(SagaDefinition definition, Object data, SagaKey key) {
        return join(prepare(definition, data, key));
    }

    private Joined join(Prepared prepared) {
        List<Start> one = List.of(prepared.start());
        StartedSaga started =
                (prepared.isLocal() ? store(one) : begin(one)).get(0).orThrow();
        if (!started.created()) {
            return new Joined(started, null);
        }
        return new Joined(started, prepared.isLocal() ? runLocally(prepared.start()) : prepared.state());
    }

    /** A start, whether its first step is a local one, and if not where the instance will stand. */
    private record Prepared(Start start, boolean isLocal, SagaState state) {}

    private Prepared prepare(SagaDefinition definition, Object data, SagaKey key) {
        byte[] bytes = codec.encode(data);
        UUID sagaId = ids.get();
        Instant now = Instant.ofEpochMilli(tools.millis().getAsLong());
        Progress progress = Progress.begin(tools, definition, sagaId, data, bytes, now);
        Applied begun = progress.apply(new SagaEvent.Started(), null);
        if (progress.state().phase() == SagaPhase.STUCK) {
            throw new IllegalStateException("Saga '%s' can't start: %s. Nothing was stored."
                    .formatted(definition.name(), progress.state().reason()));
        }
        if (!begun.localSteps().isEmpty()) {
            // A local step writes, so the key must be ours before it runs.
            Progress untouched = Progress.begin(tools, definition, sagaId, data, bytes, now);
            return new Prepared(start(definition, key, bytes, untouched, List.of(), now), true, untouched.state());
        }
        return new Prepared(start(definition, key, bytes, progress, progress.messages(), now), false, progress.state());
    }

    /** In the caller's transaction, if there is one. */
    private StartedSaga beginAlone(Start start) {
        return transaction.execute(status -> begin(List.of(start)).get(0).orThrow());
    }

    private List<Outcome> begin(List<Start> starts) {
        List<Outcome> outcomes = store(starts);
        List<SagaListener.Change> changes = new ArrayList<>();
        List<Milestone> milestones = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            if (outcomes.get(i).isNew()) {
                changes.add(starts.get(i).change());
                milestones.addAll(starts.get(i).milestones());
            }
        }
        Milestones.tellAfterCommit(tools.observer(), milestones);
        tellAfterCommit(changes);
        return outcomes;
    }

    private Start start(
            SagaDefinition definition,
            SagaKey key,
            byte[] bytes,
            Progress progress,
            List<OutboxMessage> messages,
            Instant now) {
        Change first = progress.change();
        StoredSaga saga = new StoredSaga(
                first.sagaId(),
                definition.name(),
                definition.version(),
                definition.fingerprint(),
                key.value(),
                sha256(bytes),
                first.state().phase(),
                null,
                null,
                null,
                first.data(),
                0,
                first.sequence(),
                first.clock(),
                null,
                false,
                null,
                now,
                now,
                now,
                Map.of(),
                Map.of());
        return new Start(
                definition,
                key,
                new Begun(saga, first, now, tools.messages().traceId()),
                messages,
                progress.milestones());
    }

    /** Two statements, whatever the number; for keys that were taken two more, for each definition that has such. */
    private List<Outcome> store(List<Start> starts) {
        outbox.requireTransaction();
        Set<UUID> stored = store.insertAll(starts.stream().map(Start::begun).toList());
        Map<String, Set<String>> taken = new HashMap<>();
        List<OutboxMessage> messages = new ArrayList<>();
        for (Start start : starts) {
            if (stored.contains(start.sagaId())) {
                messages.addAll(start.messages());
            } else {
                taken.computeIfAbsent(start.definition().name(), name -> new HashSet<>())
                        .add(start.key().value());
            }
        }
        outbox.appendAll(messages);
        Map<String, Map<String, StoredSaga>> earlier = new HashMap<>();
        taken.forEach((name, keys) -> {
            Map<String, StoredSaga> byKey = earlier.computeIfAbsent(name, same -> new HashMap<>());
            store.find(name, keys).values().forEach(saga -> byKey.put(saga.key(), saga));
        });
        return starts.stream()
                .map(start -> stored.contains(start.sagaId())
                        ? new Outcome(new StartedSaga(start.sagaId(), true), null)
                        : earlier(
                                start,
                                earlier.getOrDefault(start.definition().name(), Map.of())
                                        .get(start.key().value())))
                .toList();
    }

    private static Outcome earlier(Start start, @Nullable StoredSaga earlier) {
        String name = start.definition().name();
        if (earlier == null) {
            return new Outcome(
                    null,
                    new IllegalStateException(
                            "Saga '%s' with key '%s' is being started by a transaction that this one can't see. Try again, at READ COMMITTED."
                                    .formatted(name, start.key().value())));
        }
        if (!MessageDigest.isEqual(earlier.bodyHash(), start.begun().saga().bodyHash())) {
            return new Outcome(null, new SagaKeyConflictException(name, start.key()));
        }
        // Its own id: a commit whose answer was lost had taken place.
        return new Outcome(new StartedSaga(earlier.sagaId(), earlier.sagaId().equals(start.sagaId())), null);
    }

    private SagaState runLocally(Start start) {
        StoredSaga stored =
                store.lock(List.of(start.sagaId())).values().iterator().next();
        Progress progress = Progress.resume(tools, start.definition(), stored);
        progress.runLocalSteps(progress.apply(new SagaEvent.Started(), null).localSteps(), null);
        store.update(List.of(progress.change()));
        outbox.appendAll(progress.messages());
        Milestones.tellAfterCommit(tools.observer(), progress.milestones());
        tellAfterCommit(List.of(new SagaListener.Change(
                start.sagaId(),
                start.definition().name(),
                start.key().value(),
                progress.state().phase())));
        return progress.state();
    }

    private void tellAfterCommit(List<SagaListener.Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                listeners.tell(changes);
            }
        });
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
        }
    }
}
