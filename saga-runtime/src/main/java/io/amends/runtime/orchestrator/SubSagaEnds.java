package io.amends.runtime.orchestrator;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.DeferredReplies.Result;
import io.amends.runtime.SagaKeyConflictException;
import io.amends.runtime.orchestrator.Starts.Joined;
import io.amends.runtime.store.SubSagaStore;
import io.amends.runtime.store.SubSagaStore.Link;
import io.amends.runtime.store.SubSagaStore.Role;
import io.amends.runtime.store.SubSagaStore.Undo;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.SagaKey;
import io.amends.saga.SubSagaCompensated;
import io.amends.saga.SubSagaCompleted;
import io.amends.saga.SubSagaRefused;
import io.amends.saga.SubSagaReply;
import io.amends.saga.SubSagaUndone;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts sub-sagas, and answers whoever waits for their ends, in the transactions in which they end. Safe for use by many
 * threads.
 */
final class SubSagaEnds {

    private static final Logger log = LoggerFactory.getLogger(SubSagaEnds.class);

    private final SagaRegistry registry;
    private final SubSagaStore store;
    private final PayloadCodec codec;
    private final DeferredReplies replies;
    private final Starter starter;

    SubSagaEnds(
            SagaRegistry registry, SubSagaStore store, PayloadCodec codec, DeferredReplies replies, Starter starter) {
        this.registry = registry;
        this.store = store;
        this.codec = codec;
        this.replies = replies;
        this.starter = starter;
    }

    /** Starts a saga in the running transaction. */
    @FunctionalInterface
    interface Starter {
        Joined start(SagaDefinition definition, Object data, SagaKey key);
    }

    /** An instance that ended. */
    record Ended(
            UUID sagaId,
            String name,
            String key,
            SagaPhase phase,
            @Nullable String reason) {

        static Ended of(UUID sagaId, String name, String key, SagaState state) {
            return new Ended(sagaId, name, key, state.phase(), state.reason());
        }

        /** The answer to the step that started it. */
        SubSagaReply asChild() {
            return phase == SagaPhase.COMPLETED
                    ? new SubSagaCompleted(name, key, sagaId)
                    : new SubSagaCompensated(name, key, sagaId, reason);
        }

        /** The answer to the compensation that started it. */
        SubSagaReply asUndo() {
            return phase == SagaPhase.COMPLETED
                    ? new SubSagaUndone(name, key, sagaId)
                    : new SubSagaCompensated(name, key, sagaId, reason);
        }

        /** The answer to the compensation that told it to turn back, which it did. */
        SubSagaReply asTurnedBack() {
            return new SubSagaUndone(name, key, sagaId);
        }
    }

    /** Answers those who wait for these ends: three statements, whatever the number, and the starts of what undoes. */
    void answer(Collection<Ended> ended) {
        if (ended.isEmpty()) {
            return;
        }
        Map<UUID, Ended> ends = ended.stream().collect(Collectors.toMap(Ended::sagaId, Function.identity()));
        Map<ReplyToken, Reply> given = new LinkedHashMap<>();
        for (Link link : store.answeredBy(ends.keySet())) {
            Ended end = Objects.requireNonNull(ends.get(link.sagaId()));
            reply(link, end).ifPresent(reply -> given.put(Objects.requireNonNull(link.token()), reply));
        }
        if (!given.isEmpty()) {
            replies.completeAll(given).forEach((token, result) -> {
                if (result != Result.DONE) {
                    log.warn("The end of a sub-saga answered nobody: {}", result);
                }
            });
        }
    }

    private Optional<SubSagaReply> reply(Link link, Ended end) {
        return switch (link.role()) {
            case CHILD -> Optional.of(end.asChild());
            case UNDO -> Optional.of(end.asUndo());
            case TURN_BACK ->
                end.phase() == SagaPhase.COMPENSATED ? Optional.of(end.asTurnedBack()) : undo(link, undoOf(link));
        };
    }

    private static Undo undoOf(Link link) {
        return Objects.requireNonNull(link.undo(), "what undoes a child that is to turn back");
    }

    /** The definition of a saga that may be started so. */
    Optional<SagaDefinition> find(String name) {
        return registry.newest(name).filter(SagaDefinition::subSaga);
    }

    /** Starts what undoes a child that completed although it was to turn back; its data came when that was said. */
    private Optional<SubSagaReply> undo(Link turnBack, Undo undo) {
        Link link = new Link(
                turnBack.sagaId(),
                Role.UNDO,
                turnBack.parentId(),
                turnBack.parentName(),
                turnBack.parentStep(),
                turnBack.token(),
                null);
        Optional<SagaDefinition> definition = find(undo.saga());
        if (definition.isEmpty()) {
            return Optional.of(new SubSagaRefused(undo.saga(), undo.key(), "there is no such sub-saga here any more"));
        }
        try {
            Object data = codec.decode(undo.data(), definition.get().dataType());
            return start(definition.get(), data, new SagaKey(undo.key()), link);
        } catch (PayloadException | IllegalStateException cannot) {
            // Nothing was written yet; to throw would keep the child from its end, which is none of this one's
            // business.
            return Optional.of(new SubSagaRefused(undo.saga(), undo.key(), ErrorText.of(cannot)));
        }
    }

    /**
     * Starts a saga in the running transaction and links it; returns the reply if there is one at once.
     *
     * @param link the link, whose instance is not known yet
     */
    Optional<SubSagaReply> start(SagaDefinition definition, Object data, SagaKey key, Link link) {
        Joined begun;
        try {
            begun = starter.start(definition, data, key);
        } catch (SagaKeyConflictException taken) {
            return Optional.of(new SubSagaRefused(definition.name(), key.value(), "its key is taken by other data"));
        }
        SagaState state = begun.state();
        if (state == null) {
            return Optional.of(
                    new SubSagaRefused(definition.name(), key.value(), "somebody else started one with that key"));
        }
        boolean isOver = state.phase().isTerminal();
        store.add(new Link(
                begun.saga().sagaId(),
                link.role(),
                link.parentId(),
                link.parentName(),
                link.parentStep(),
                isOver ? null : link.token(),
                null));
        if (!isOver) {
            return Optional.empty();
        }
        Ended end = Ended.of(begun.saga().sagaId(), definition.name(), key.value(), state);
        return Optional.of(link.role() == Role.CHILD ? end.asChild() : end.asUndo());
    }
}
