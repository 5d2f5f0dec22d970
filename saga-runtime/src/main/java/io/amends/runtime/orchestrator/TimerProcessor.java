package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.SagaListener;
import io.amends.runtime.flow.FlowControl.Admission;
import io.amends.runtime.observation.LogFields;
import io.amends.runtime.store.HeldSteps;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves on what no message moves: overdue replies, attempts that are due, deadlines, and what was held. A chunk of instances is claimed by
 * row locks and stored in one transaction, so that any number of processes share the work. An instance that can't be
 * moved on waits, longer each time, and delays nobody else; one that can't be stored is found by splitting the chunk.
 * Safe for use by many threads.
 */
final class TimerProcessor {

    private static final Logger log = LoggerFactory.getLogger(TimerProcessor.class);

    private final SagaRegistry registry;
    private final SagaStore store;
    private final HeldSteps held;
    private final Progress.Tools tools;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final Listeners listeners;

    TimerProcessor(
            SagaRegistry registry,
            SagaStore store,
            HeldSteps held,
            Progress.Tools tools,
            Outbox outbox,
            PlatformTransactionManager transactions,
            Listeners listeners) {
        this.registry = registry;
        this.store = store;
        this.held = held;
        this.tools = tools;
        this.outbox = outbox;
        this.transaction = new TransactionTemplate(transactions);
        this.listeners = listeners;
    }

    /**
     * What is done with a chunk of instances.
     *
     * @param claim finds and locks them
     * @param moveOn moves one of them on
     * @param postpone lets those that can't be moved on wait
     */
    private record Work(
            Supplier<Map<UUID, StoredSaga>> claim, Consumer<Progress> moveOn, Consumer<List<UUID>> postpone) {}

    /**
     * One chunk of what is due.
     *
     * @return how many instances were due, at most that many
     */
    int process(int most) {
        return process(new Work(() -> store.lockDue(registry.all(), most), Progress::timeCame, store::postpone));
    }

    Admission admission() {
        return new Admission() {
            @Override
            public Set<String> among(Set<String> waitedFor) {
                return held.waitedFor(registry.all(), waitedFor);
            }

            @Override
            public int admit(String participant, int most) {
                return TimerProcessor.this.admit(participant, most);
            }
        };
    }

    /** One chunk of what waits for that participant, longest waiting first. */
    private int admit(String participant, int most) {
        return process(new Work(
                () -> held.lockHeld(registry.all(), participant, most),
                progress -> progress.admit(participant),
                ids -> held.requeue(participant, ids)));
    }

    private int process(Work work) {
        List<UUID> claimed = new ArrayList<>();
        List<SagaListener.Change> changes;
        try {
            changes = transaction.execute(status -> {
                Map<UUID, StoredSaga> due = work.claim().get();
                claimed.addAll(due.keySet());
                return moveOn(due, work);
            });
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfAway(thrown);
            if (claimed.isEmpty()) {
                throw thrown;
            }
            split(claimed, work, thrown);
            return claimed.size();
        }
        listeners.tell(changes);
        return claimed.size();
    }

    private void split(List<UUID> ids, Work work, RuntimeException thrown) {
        if (ids.size() == 1) {
            log.error("Saga {} can't be stored and waits: {}", ids.get(0), ErrorText.of(thrown));
            transaction.executeWithoutResult(status -> work.postpone().accept(ids));
            return;
        }
        int middle = ids.size() / 2;
        for (List<UUID> part : List.of(ids.subList(0, middle), ids.subList(middle, ids.size()))) {
            try {
                listeners.tell(transaction.execute(status -> moveOn(store.lock(part), work)));
            } catch (RuntimeException again) {
                Infrastructure.rethrowIfAway(again);
                split(part, work, again);
            }
        }
    }

    private List<SagaListener.Change> moveOn(Map<UUID, StoredSaga> due, Work work) {
        Batch batch = new Batch(store, outbox, tools.ends(), tools.observer());
        List<UUID> postponed = new ArrayList<>();
        for (StoredSaga saga : due.values()) {
            Optional<SagaDefinition> definition = registry.find(saga.name(), saga.version());
            if (definition.isEmpty()) {
                continue;
            }
            LogFields fields = LogFields.of(saga.sagaId(), saga.name());
            try {
                Progress progress = Progress.resume(tools, definition.get(), saga);
                work.moveOn().accept(progress);
                batch.add(saga, progress);
            } catch (RuntimeException thrown) {
                Infrastructure.rethrowIfAway(thrown);
                log.error("Saga {} can't be moved on and waits: {}", saga.sagaId(), ErrorText.kind(thrown));
                postponed.add(saga.sagaId());
            } finally {
                fields.clear();
            }
        }
        if (!postponed.isEmpty()) {
            work.postpone().accept(postponed);
        }
        return batch.store();
    }
}
