package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.SagaListener;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.Sagas;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.orchestrator.Starts.Joined;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.store.HeldSteps;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.WaitingReplies;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.RecordProcessor;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.Engine;
import io.amends.saga.engine.SagaEngine;
import java.util.List;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The orchestrator's shell, put together: the API that starts sagas and the processor that takes their replies, on one
 * database. Safe for use by many threads.
 */
public final class Orchestration {

    private final SagaRegistry registry;
    private final Orchestrator sagas;
    private final SubSagaCommands subSagas;
    private final SagaOperations operations;
    private final TimerProcessor processor;
    private final SagaTimers timers;
    private final RecordProcessor replies;
    private final DispositionCounts counts = new DispositionCounts();

    /**
     * What an orchestrator works with.
     *
     * @param keepsData whether each line of the history that changes a saga's data has the data, too
     */
    public record Dependencies(
            SagaStore store,
            HeldSteps held,
            Traffic traffic,
            WaitingReplies waiting,
            PlatformTransactionManager transactions,
            Outbox outbox,
            PayloadCodec codec,
            MessageFactory messages,
            Quarantine quarantine,
            List<SagaListener> listeners,
            Supplier<UUID> ids,
            LongSupplier millis,
            DoubleSupplier chance,
            boolean keepsData) {

        /** Without keeping what each event made of a saga's data. */
        public Dependencies(
                SagaStore store,
                HeldSteps held,
                Traffic traffic,
                WaitingReplies waiting,
                PlatformTransactionManager transactions,
                Outbox outbox,
                PayloadCodec codec,
                MessageFactory messages,
                Quarantine quarantine,
                List<SagaListener> listeners,
                Supplier<UUID> ids,
                LongSupplier millis,
                DoubleSupplier chance) {
            this(
                    store,
                    held,
                    traffic,
                    waiting,
                    transactions,
                    outbox,
                    codec,
                    messages,
                    quarantine,
                    listeners,
                    ids,
                    millis,
                    chance,
                    false);
        }

        /** Without flow control: no participant is ever held, and starts have no limit. */
        public Dependencies(
                SagaStore store,
                WaitingReplies waiting,
                PlatformTransactionManager transactions,
                Outbox outbox,
                PayloadCodec codec,
                MessageFactory messages,
                Quarantine quarantine,
                List<SagaListener> listeners,
                Supplier<UUID> ids,
                LongSupplier millis,
                DoubleSupplier chance) {
            this(
                    store,
                    HeldSteps.NONE,
                    Traffic.FREE,
                    waiting,
                    transactions,
                    outbox,
                    codec,
                    messages,
                    quarantine,
                    listeners,
                    ids,
                    millis,
                    chance);
        }
    }

    /** For those definitions, none of whose instances a step of another saga waits for. */
    public Orchestration(SagaRegistry registry, Dependencies with) {
        this(registry, with, replies -> {
            throw new IllegalStateException(
                    "Who runs sub-sagas gives the orchestration what answers deferred commands.");
        });
    }

    /**
     * For those definitions.
     *
     * @param deferred answers the steps of other sagas that wait for this one's instances
     */
    public Orchestration(SagaRegistry registry, Dependencies with, DeferredReplies deferred) {
        this(registry, with, deferred, SagaEngine::decide);
    }

    /**
     * Likewise, observed.
     *
     * @param observer sees what happens
     */
    public Orchestration(SagaRegistry registry, Dependencies with, DeferredReplies deferred, SagaObserver observer) {
        this(registry, with, deferred, SagaEngine::decide, observer);
    }

    /** With another engine: for tests that break it, to see that they would notice. */
    public Orchestration(SagaRegistry registry, Dependencies with, DeferredReplies deferred, Engine engine) {
        this(registry, with, deferred, engine, SagaObserver.NONE);
    }

    private Orchestration(
            SagaRegistry registry, Dependencies with, DeferredReplies deferred, Engine engine, SagaObserver observer) {
        this.registry = registry;
        SagaStore store = with.store();
        Listeners listeners = new Listeners(with.listeners());
        SubSagaEnds ends = new SubSagaEnds(registry, store.subSagas(), with.codec(), deferred, this::startSubSaga);
        Progress.Tools tools = new Progress.Tools(
                engine,
                with.codec(),
                with.messages(),
                new LocalWork(with.transactions()),
                with.millis(),
                with.chance(),
                with.traffic(),
                ends,
                observer,
                with.keepsData());
        this.sagas =
                new Orchestrator(registry, store, tools, with.outbox(), with.transactions(), listeners, with.ids());
        this.subSagas = new SubSagaCommands(registry, store, tools, with.outbox(), ends, sagas::tellAfterCommit);
        this.operations = new Operations(registry, store, tools, with.outbox(), with.transactions(), listeners);
        HandOver waiting = new HandOver(with.waiting(), registry, with.transactions());
        this.replies = new ReplyProcessor(
                registry,
                store,
                tools,
                with.outbox(),
                with.transactions(),
                with.quarantine(),
                waiting,
                listeners,
                counts);
        this.processor =
                new TimerProcessor(registry, store, with.held(), tools, with.outbox(), with.transactions(), listeners);
        this.timers = new SagaTimers(processor, () -> waiting.takeUp(replies));
    }

    private Joined startSubSaga(SagaDefinition definition, Object data, SagaKey key) {
        return sagas.startInTransaction(definition, data, key);
    }

    /** The participants that sagas are to steps of other sagas, by name; only those that are declared so. */
    public List<ParticipantDefinition> subSagas() {
        return registry.names().stream()
                .filter(name ->
                        registry.newest(name).filter(SagaDefinition::subSaga).isPresent())
                .map(subSagas::participant)
                .toList();
    }

    /** The definitions. */
    public SagaRegistry registry() {
        return registry;
    }

    /** Starts sagas and looks at them. */
    public Sagas sagas() {
        return sagas;
    }

    /** What operators may do. */
    public SagaOperations operations() {
        return operations;
    }

    /** Moves on what time alone moves; start it once. */
    public SagaTimers timers() {
        return timers;
    }

    /** Lets sagas go on that wait for a participant; for the flow control. */
    public FlowControl.Admission admission() {
        return processor.admission();
    }

    /** Takes the records of the reply topics. */
    public RecordProcessor replies() {
        return replies;
    }

    /** What became of the replies. */
    public DispositionCounts counts() {
        return counts;
    }
}
