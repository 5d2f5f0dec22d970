package io.amends.runtime.orchestrator;

import io.amends.outbox.OutboxMessage;
import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.observation.Milestone;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.MessageFactory.CommandHeader;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.Rejection;
import io.amends.saga.SubSagaCommand;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Decision;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.Engine;
import io.amends.saga.engine.Frames;
import io.amends.saga.engine.Held;
import io.amends.saga.engine.HybridClock;
import io.amends.saga.engine.Moment;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaEffect;
import io.amends.saga.engine.SagaEffect.Alert;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance while a transaction moves it on: feeds events to the engine, carries out local effects, gathers what has
 * to be stored and sent. Used by one thread and thrown away.
 */
final class Progress {

    /** What every instance needs. */
    record Tools(
            Engine engine,
            PayloadCodec codec,
            MessageFactory messages,
            LocalWork local,
            LongSupplier millis,
            DoubleSupplier chance,
            Traffic traffic,
            SubSagaEnds ends,
            SagaObserver observer,
            boolean keepsData) {}

    private static final Logger log = LoggerFactory.getLogger(Progress.class);

    private final Tools tools;
    private final SagaDefinition definition;
    private final UUID sagaId;
    private final long rowVersion;
    private final byte[] storedData;
    private final Instant now;
    private final Map<String, String> storedAttributes;
    private final @Nullable Map<String, String> firstAttributes;
    private final HistoryLines history = new HistoryLines();
    private final Set<String> changedSteps = new LinkedHashSet<>();
    private final List<OutboxMessage> messages = new ArrayList<>();
    private final Milestones milestones;
    private SagaState state;
    private long clock;
    private long sequence;
    private boolean dataTaken;
    private boolean dueExactly;

    private Progress(
            Tools tools,
            SagaDefinition definition,
            UUID sagaId,
            SagaState state,
            byte[] data,
            long rowVersion,
            long clock,
            long sequence,
            Instant createdAt,
            Instant now,
            Map<String, String> storedAttributes,
            @Nullable Map<String, String> firstAttributes) {
        this.tools = tools;
        this.definition = definition;
        this.sagaId = sagaId;
        this.state = state;
        this.storedData = data;
        this.rowVersion = rowVersion;
        this.clock = clock;
        this.sequence = sequence;
        this.now = now;
        this.storedAttributes = storedAttributes;
        this.firstAttributes = firstAttributes;
        this.milestones = new Milestones(definition.name(), createdAt, state);
    }

    /** A new instance; its times count from that one. */
    static Progress begin(Tools tools, SagaDefinition definition, UUID sagaId, Object data, byte[] bytes, Instant now) {
        Map<String, String> attributes = SearchAttributes.ofNew(definition, data);
        return new Progress(
                tools, definition, sagaId, SagaState.initial(data), bytes, 0, 0, 0, now, now, Map.of(), attributes);
    }

    /** A stored instance. */
    static Progress resume(Tools tools, SagaDefinition definition, StoredSaga saga) {
        return resume(tools, definition, saga, tools.codec().decode(saga.data(), definition.dataType()));
    }

    /** Likewise with data that may be another version's, which is stored if the engine takes that. */
    static Progress resume(Tools tools, SagaDefinition definition, StoredSaga saga, Object data) {
        return new Progress(
                tools,
                definition,
                saga.sagaId(),
                saga.state(data),
                saga.data(),
                saga.rowVersion(),
                saga.clock(),
                saga.sequence(),
                saga.createdAt(),
                saga.readAt(),
                saga.attributes(),
                null);
    }

    /** Whether other sagas' steps may wait for this one's end, and it ended in this transaction. */
    boolean hasEndedForOthers(SagaPhase before) {
        return definition.subSaga() && !before.isTerminal() && state.phase().isTerminal();
    }

    SagaState state() {
        return state;
    }

    List<OutboxMessage> messages() {
        return messages;
    }

    /** What the transaction makes true of it; asked once, at the end. */
    List<Milestone> milestones() {
        return milestones.until(state, now);
    }

    /** Whether there is something to store: an event, or at least the time at which it is due next. */
    boolean isToBeStored() {
        return isTouched() || dueExactly;
    }

    boolean isTouched() {
        return !history.isEmpty();
    }

    /** Decides the event and gathers its consequences; local steps are left for {@link #runLocalSteps}. */
    Applied apply(SagaEvent event, @Nullable SagaMessage cause) {
        boolean takesReply = EventWords.takesReply(event);
        byte[] before = takesReply ? data() : storedData;
        Decision decision = tools.engine()
                .decide(
                        definition,
                        state,
                        event,
                        new Moment(now, tools.chance().getAsDouble(), tools.traffic()::isHeld));
        Sightings.tell(tools.traffic(), definition, state, event, decision, now);
        if (decision.disposition() == Disposition.DUPLICATE) {
            return new Applied(decision.disposition(), null, List.of());
        }
        clock = HybridClock.next(
                clock, cause == null ? 0 : cause.clock(), tools.millis().getAsLong());
        decision.state().steps().forEach((name, step) -> {
            if (!step.equals(state.steps().get(name))) {
                changedSteps.add(name);
            }
        });
        milestones.saw(event, state, decision.state(), now);
        boolean stepMoved = !decision.state().steps().equals(state.steps());
        state = decision.state();
        // Not by comparing: a saga's methods may change mutable data in place.
        boolean isOther = EventWords.replacesData(event) && decision.disposition() == Disposition.ACCEPTED;
        boolean tookData = isOther || event instanceof SagaEvent.LocalStepRan || (takesReply && stepMoved);
        if (tookData) {
            dataTaken = true;
        } else if (takesReply && decision.disposition() == Disposition.ACCEPTED) {
            restore(before);
        }
        record(event, cause, decision.disposition(), tookData || event instanceof SagaEvent.Started);
        for (SagaEffect effect : decision.effects()) {
            if (effect instanceof SendCommand send) {
                send(send, cause);
            } else if (effect instanceof Announce announce) {
                runHook(announce.phase());
            } else if (effect instanceof Alert alert) {
                log.warn(
                        "Saga {} ({}) goes on, but {}; its history says more", sagaId, definition.name(), alert.code());
                note("Alert", alert.text());
            }
        }
        return new Applied(
                decision.disposition(),
                EventWords.shortened(decision.trouble()),
                decision.effects().stream()
                        .filter(RunLocalStep.class::isInstance)
                        .map(RunLocalStep.class::cast)
                        .toList());
    }

    /** Likewise for an operator's verb, after which the next due time may also be later than before. */
    Applied applyExactly(SagaEvent.Verb verb) {
        dueExactly = true;
        return apply(verb, null);
    }

    /** Everything that is due by now happens. */
    void timeCame() {
        dueExactly = true;
        // Each round handles one step or the deadline, and none comes due again at this moment.
        for (int round = 0; round < definition.steps().size() + 2; round++) {
            Applied applied = apply(new SagaEvent.TimeCame(), null);
            runLocalSteps(applied.localSteps(), null);
            if (applied.disposition() == Disposition.DUPLICATE) {
                return;
            }
        }
    }

    /** What waits for that participant goes on. */
    void admit(String participant) {
        for (StepDefinition step : definition.steps()) {
            Held held = state.step(step.name()).held();
            if (held != null && held.participant().equals(participant)) {
                runLocalSteps(apply(new SagaEvent.Admitted(step.name()), null).localSteps(), null);
            }
        }
    }

    /**
     * What became of an event.
     *
     * @param disposition the engine's word
     * @param trouble why it was not accepted, where the saga's own code threw
     * @param localSteps what {@link #runLocalSteps} has to run next
     */
    record Applied(Disposition disposition, @Nullable String trouble, List<RunLocalStep> localSteps) {}

    /** Runs local steps, and those that follow from them. */
    void runLocalSteps(List<RunLocalStep> first, @Nullable SagaMessage cause) {
        Deque<RunLocalStep> open = new ArrayDeque<>(first);
        for (RunLocalStep next = open.poll(); next != null; next = open.poll()) {
            StepDefinition step = definition.step(next.step()).orElseThrow();
            StepAction action = next.kind() == CommandKind.ACTION ? step.action() : step.compensation();
            if (!(action instanceof StepAction.Local local)) {
                throw new IllegalStateException("Step '%s' is not local.".formatted(next.step()));
            }
            byte[] before = data();
            SagaEvent went = tools.local()
                    .run(
                            next.step(),
                            next.kind(),
                            local,
                            next.kind() == CommandKind.ACTION ? step.retry() : step.compensationRetry(),
                            state.data(),
                            this::trouble);
            if (!(went instanceof SagaEvent.LocalStepRan ran) || ran.reply() instanceof Rejection) {
                restore(before);
            }
            open.addAll(apply(went, cause).localSteps());
        }
    }

    /** Asks the engine with a copy of the data, because a reply handler may change it in place. */
    private Optional<String> trouble(SagaEvent.LocalStepRan ran) {
        if (ran.reply() == null) {
            return Optional.empty();
        }
        Object copy = tools.codec().decode(tools.codec().encode(ran.data()), definition.dataType());
        SagaState after = tools.engine()
                .decide(
                        definition,
                        state,
                        new SagaEvent.LocalStepRan(ran.step(), ran.kind(), copy, ran.reply()),
                        new Moment(now, 0))
                .state();
        return after.step(ran.step()).equals(state.step(ran.step()))
                ? Optional.of(String.valueOf(after.reason()))
                : Optional.empty();
    }

    /** Everything that the transaction has to store of this instance. */
    Change change() {
        List<StepState> steps = changedSteps.stream().map(state::step).toList();
        return new Change(
                sagaId,
                rowVersion,
                state,
                EventWords.shortened(state.reason()),
                data(),
                sequence,
                clock,
                dataTaken
                        ? SearchAttributes.changed(definition, sagaId, state.data(), storedAttributes)
                        : firstAttributes,
                dueExactly,
                steps,
                history.all());
    }

    private byte[] data() {
        return dataTaken ? tools.codec().encode(state.data()) : storedData;
    }

    /** After the saga's own code gave up: what it did to mutable data until then must not be kept. */
    private void restore(byte[] before) {
        Object data = tools.codec().decode(before, definition.dataType());
        state = state.withData(data);
    }

    private void send(SendCommand send, @Nullable SagaMessage cause) {
        sequence++;
        clock++;
        CommandHeader header = new CommandHeader(
                sagaId,
                definition.name(),
                definition.version(),
                send.step(),
                send.kind(),
                send.attempt(),
                sequence,
                clock,
                send.round(),
                cause);
        Object payload = send.command() instanceof SubSagaCommand child ? child.data() : send.command();
        OutboxMessage message = tools.messages()
                .command(
                        header,
                        send.participant(),
                        send.command(),
                        tools.codec().encode(payload));
        messages.add(message);
        history.addSent(clock, EventWords.sent(send, message), state.phase());
    }

    private void runHook(SagaPhase phase) {
        Throwable thrown = tools.local().runHook(definition.hooks(), phase, state.data());
        if (thrown != null) {
            String reason = "the hook for %s threw %s".formatted(phase, ErrorText.of(thrown));
            if (phase.isTerminal()) {
                state = state.stuck(ReasonCode.NON_RETRYABLE, reason, Frames.of(thrown));
            } else {
                log.warn(
                        "Saga {} ({}): the hook for {} threw {}; it goes on, and its history says more",
                        sagaId,
                        definition.name(),
                        phase,
                        ErrorText.kind(thrown));
            }
            note("HookThrew", reason);
        }
    }

    private void note(String event, String detail) {
        clock++;
        history.add(EventWords.note(clock, event, state.phase(), detail));
    }

    private void record(SagaEvent event, @Nullable SagaMessage cause, Disposition disposition, boolean changedData) {
        byte[] kept = changedData && tools.keepsData() ? data() : null;
        history.add(EventWords.of(event).entry(clock, event, cause, disposition, state.phase(), kept));
    }
}
