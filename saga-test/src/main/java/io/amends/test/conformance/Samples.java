package io.amends.test.conformance;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.MessageFactory.CommandHeader;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.Escalation;
import io.amends.saga.definition.Hooks;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Instances, changes and messages for the suites; what a test does not name is the same everywhere. */
final class Samples {

    /** The clock of the machine that starts instances: years away from any store's. */
    static final Instant NOW = Instant.parse("2001-02-03T04:05:06Z");

    static final SagaDefinition PARCEL = definition("parcel", 1);
    static final SagaDefinition PARCEL_2 = definition("parcel", 2);
    static final SagaDefinition LETTER = definition("letter", 1);

    private Samples() {}

    static SagaDefinition definition(String name, int version) {
        return new SagaDefinition(
                name, version, String.class, null, Escalation.PARK, List.of(), Hooks.NONE, "print-" + version);
    }

    /** The id of that number; greater numbers have greater ids. */
    static UUID id(int number) {
        return new UUID(0x0199_0000_0000_7000L + ((long) number << 16), 0x8000_0000_0000_0000L | number);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An instance as it is given to {@code insert}. */
    static StoredSaga saga(SagaDefinition definition, String key, Change first) {
        return new StoredSaga(
                first.sagaId(),
                definition.name(),
                definition.version(),
                definition.fingerprint(),
                key,
                bytes("hash of " + key),
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
                NOW,
                NOW,
                NOW,
                Map.of(),
                Map.of());
    }

    /** A change of that instance, at its first version; the methods below say more. */
    static Draft change(int number) {
        return change(id(number));
    }

    /** Likewise. */
    static Draft change(UUID sagaId) {
        return new Draft(sagaId);
    }

    /** What becomes of an instance that was read: the change begins with what it had. */
    static Draft change(StoredSaga saga) {
        Draft draft = new Draft(saga.sagaId());
        draft.expectedVersion = saga.rowVersion();
        draft.sequence = saga.sequence();
        draft.clock = saga.clock() + 1;
        draft.data = saga.data();
        Map<String, StepState> steps = new LinkedHashMap<>();
        saga.steps().forEach((name, step) -> steps.put(name, step.state()));
        draft.state = new SagaState(
                saga.phase(),
                "data",
                steps,
                saga.reasonCode(),
                saga.reason(),
                saga.cause(),
                saga.deadlineAt(),
                saga.overdue(),
                saga.pause(),
                saga.reasonFrames());
        return draft;
    }

    /** A change in the making. */
    static final class Draft {

        private final UUID sagaId;
        private long expectedVersion;
        private SagaState state = SagaState.initial("data");
        private byte[] data = bytes("data");
        private long sequence = 1;
        private long clock = 1;
        private boolean dueExactly;
        private @Nullable Map<String, String> attributes;
        private final List<StepState> changed = new ArrayList<>();
        private final List<HistoryEntry> history = new ArrayList<>();

        private Draft(UUID sagaId) {
            this.sagaId = sagaId;
        }

        Draft state(SagaState next) {
            state = next;
            return this;
        }

        Draft data(String text) {
            data = bytes(text);
            return this;
        }

        Draft sequence(long number) {
            sequence = number;
            return this;
        }

        Draft clock(long time) {
            clock = time;
            return this;
        }

        /** Its search attributes are those. */
        Draft attributes(Map<String, String> values) {
            attributes = values;
            return this;
        }

        /** The time at which it is due next may become later. */
        Draft exactly() {
            dueExactly = true;
            return this;
        }

        /** That step changed too. */
        Draft step(StepState step) {
            Map<String, StepState> steps = new LinkedHashMap<>(state.steps());
            steps.put(step.name(), step);
            changed.add(step);
            return state(new SagaState(
                    state.phase(),
                    state.data(),
                    steps,
                    state.reasonCode(),
                    state.reason(),
                    state.cause(),
                    state.deadlineAt(),
                    state.overdue(),
                    state.pause(),
                    state.reasonFrames()));
        }

        /** Nothing is due but the deadline. */
        Draft deadline(@Nullable Instant time) {
            return state(new SagaState(
                    state.phase(),
                    state.data(),
                    state.steps(),
                    state.reasonCode(),
                    state.reason(),
                    state.cause(),
                    time,
                    state.overdue(),
                    state.pause(),
                    state.reasonFrames()));
        }

        Draft line(HistoryEntry entry) {
            history.add(entry);
            return this;
        }

        Change done() {
            return new Change(
                    sagaId,
                    expectedVersion,
                    state,
                    state.reason(),
                    data,
                    sequence,
                    clock,
                    attributes,
                    dueExactly,
                    List.copyOf(changed),
                    List.copyOf(history));
        }
    }

    /** The same change, as if the instance had been read at that version. */
    static Change atVersion(Change change, long version) {
        return new Change(
                change.sagaId(),
                version,
                change.state(),
                change.reason(),
                change.data(),
                change.sequence(),
                change.clock(),
                change.attributes(),
                change.dueExactly(),
                change.changedSteps(),
                change.history());
    }

    /** A step whose command was sent to a participant. */
    static StepState sent(String name, @Nullable Instant dueAt) {
        return step(name, StepStatus.SENT, null, dueAt);
    }

    /** Likewise, where the participant's code threw at that place. */
    static StepState failed(String name, String frames) {
        return new StepState(name, StepStatus.SENT, "courier", null, 1, null, null, "no petrol", null, null, 0, frames);
    }

    static StepState step(String name, StepStatus status, @Nullable Outcome outcome, @Nullable Instant dueAt) {
        return new StepState(name, status, "courier", outcome, 1, null, dueAt, null, null, null, 0);
    }

    static HistoryEntry line(long clock, String event, @Nullable UUID messageId) {
        return new HistoryEntry(clock, event, "send", "action", "courier", messageId, "APPLIED", "RUNNING", null);
    }

    static Instant in(Duration time) {
        return NOW.plus(time);
    }

    /** A command as a participant's consumer gets it. */
    static SagaMessage command(int saga, String step, CommandKind kind, long offset) {
        return SagaMessage.command(record(
                factory(offset)
                        .command(
                                new CommandHeader(id(saga), "parcel", 1, step, kind, 1, 1, 1, 0, null),
                                "courier",
                                "send-parcel",
                                bytes("command")),
                offset));
    }

    /** A reply as an orchestrator's consumer gets it. */
    static SagaMessage reply(int saga, long offset) {
        return SagaMessage.reply(record(
                factory(offset)
                        .reply(
                                command(saga, "send", CommandKind.ACTION, offset),
                                "courier",
                                "parcel-sent",
                                Outcome.SUCCESS,
                                bytes("reply " + offset),
                                2),
                offset));
    }

    private static MessageFactory factory(long offset) {
        return new MessageFactory(
                () -> new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L | offset), () -> 0, "text/plain");
    }

    private static InboundRecord record(OutboxMessage message, long offset) {
        return new InboundRecord(
                message.topic(), 0, offset, bytes(message.key()), message.payload(), message.headers());
    }
}
