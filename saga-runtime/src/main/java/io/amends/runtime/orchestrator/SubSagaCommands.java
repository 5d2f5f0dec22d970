package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.runtime.SagaListener;
import io.amends.runtime.orchestrator.SubSagaEnds.Ended;
import io.amends.runtime.participant.CommandMethod;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.SubSagaStore.Link;
import io.amends.runtime.store.SubSagaStore.Role;
import io.amends.runtime.store.SubSagaStore.Undo;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.Command;
import io.amends.saga.Deferred;
import io.amends.saga.MessageTypes;
import io.amends.saga.ReplyToken;
import io.amends.saga.SagaKey;
import io.amends.saga.SubSagaCommand;
import io.amends.saga.SubSagaReply;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries out what steps of other sagas ask of this application's: start one and answer with its end, or undo that. Runs
 * inside inbox and barrier like every command, so that a child is started once and never after its compensation. Safe for
 * use by many threads.
 */
final class SubSagaCommands {

    private final SagaRegistry registry;
    private final SagaStore store;
    private final Progress.Tools tools;
    private final Outbox outbox;
    private final SubSagaEnds ends;
    private final Consumer<List<SagaListener.Change>> tell;

    /** @param tell tells of changes once the running transaction has committed */
    SubSagaCommands(
            SagaRegistry registry,
            SagaStore store,
            Progress.Tools tools,
            Outbox outbox,
            SubSagaEnds ends,
            Consumer<List<SagaListener.Change>> tell) {
        this.registry = registry;
        this.store = store;
        this.tools = tools;
        this.outbox = outbox;
        this.ends = ends;
        this.tell = tell;
    }

    /** A command as it came, with what its headers and payload say. */
    private record Asked(SagaMessage message, SagaDefinition definition, SagaKey key, Object data)
            implements Command<SubSagaReply> {}

    /** The participant that the saga is to the steps of others. */
    ParticipantDefinition participant(String saga) {
        String type = MessageTypes.nameOf(SubSagaCommand.class);
        CommandMethod method = new CommandMethod(
                type,
                SubSagaCommand.class,
                true,
                thrown -> false,
                (message, codec) -> read(saga, message, codec),
                (command, token) -> handle((Asked) command, token));
        return new ParticipantDefinition(saga, Map.of(type, method));
    }

    private Asked read(String participant, SagaMessage message, PayloadCodec codec) {
        String name = message.record().text(WireHeaders.CHILD_NAME);
        String key = message.record().text(WireHeaders.CHILD_KEY);
        if (name == null || key == null || key.isBlank() || key.length() > SagaKey.MAX_LENGTH) {
            throw new MalformedMessageException(
                    "MALFORMED_HEADERS",
                    "The message at %s names no saga and key to start: it needs the headers %s and %s."
                            .formatted(message.record().place(), WireHeaders.CHILD_NAME, WireHeaders.CHILD_KEY));
        }
        boolean isOwn = message.kind() == CommandKind.COMPENSATION || name.equals(participant);
        Optional<SagaDefinition> definition = isOwn ? ends.find(name) : Optional.empty();
        if (definition.isEmpty()) {
            throw new MalformedMessageException(
                    "UNKNOWN_TYPE",
                    "'%s' can't be started through the topic of '%s': it is no sub-saga of this application. Declare it with subSaga = true, and name it in the step."
                            .formatted(MessageTypes.isName(name) ? name : "?", participant));
        }
        return new Asked(
                message,
                definition.get(),
                SagaKey.of(key),
                codec.decode(message.payload(), definition.get().dataType()));
    }

    private Deferred<SubSagaReply> handle(Asked asked, Supplier<ReplyToken> token) {
        Optional<SubSagaReply> reply = asked.message().kind() == CommandKind.ACTION
                ? ends.start(asked.definition(), asked.data(), asked.key(), link(asked, Role.CHILD, token.get()))
                : undo(asked, token.get());
        return reply.map(Deferred::now).orElseGet(Deferred::later);
    }

    private static Link link(Asked asked, Role role, ReplyToken token) {
        SagaMessage message = asked.message();
        return new Link(new UUID(0, 0), role, message.sagaId(), message.sagaName(), message.step(), token, null);
    }

    private Optional<SubSagaReply> undo(Asked asked, ReplyToken token) {
        SagaMessage message = asked.message();
        UUID childId = store.subSagas()
                .childOf(message.sagaId(), message.step())
                .orElseThrow(() -> new IllegalStateException(
                        "Step '%s' of saga %s had an effect here, yet it has no child. The row was removed by something else than this framework."
                                .formatted(message.step(), message.sagaId())))
                .sagaId();
        StoredSaga child = Optional.ofNullable(store.lock(List.of(childId)).get(childId))
                .orElseThrow(() -> new IllegalStateException("The sub-saga %s is gone.".formatted(childId)));
        if (child.phase() == SagaPhase.COMPLETED) {
            return ends.start(asked.definition(), asked.data(), asked.key(), link(asked, Role.UNDO, token));
        }
        // The compensation closes the command that started the child, so that its end must not answer that any more.
        store.subSagas().silence(childId);
        Ended now = child.phase() == SagaPhase.COMPENSATED ? ended(child) : turnBack(child, message);
        if (now.phase() == SagaPhase.COMPENSATED) {
            return Optional.of(now.asTurnedBack());
        }
        store.subSagas()
                .add(new Link(
                        childId,
                        Role.TURN_BACK,
                        message.sagaId(),
                        message.sagaName(),
                        message.step(),
                        token,
                        new Undo(asked.definition().name(), asked.key().value(), message.payload())));
        return Optional.empty();
    }

    private static Ended ended(StoredSaga saga) {
        return new Ended(saga.sagaId(), saga.name(), saga.key(), saga.phase(), saga.reason());
    }

    /** Tells a child to turn back; one that can't, or does already, is left to reach its end. */
    private Ended turnBack(StoredSaga child, SagaMessage message) {
        SagaDefinition definition = registry.find(child.name(), child.version())
                .orElseThrow(() ->
                        new IllegalStateException("Sub-saga %s is of '%s' version %d, which this process does not have."
                                .formatted(child.sagaId(), child.name(), child.version())));
        Progress progress = Progress.resume(tools, definition, child);
        Progress.Applied applied = progress.applyExactly(new SagaEvent.TurnBack(
                "step '%s' of %s %s is compensated".formatted(message.step(), message.sagaName(), message.sagaId())));
        progress.runLocalSteps(applied.localSteps(), null);
        Batch batch = new Batch(store, outbox, ends, tools.observer());
        batch.add(child, progress);
        tell.accept(batch.store());
        return Ended.of(child.sagaId(), child.name(), child.key(), progress.state());
    }
}
