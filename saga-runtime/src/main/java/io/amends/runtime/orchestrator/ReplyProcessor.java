package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.SagaListener;
import io.amends.runtime.observation.LogFields;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.orchestrator.Progress.Applied;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.quarantine.Quarantine.Case;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.PayloadException;
import io.amends.runtime.wire.RecordProcessor;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.ToldError;
import io.amends.saga.Reply;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.definition.StepReplies;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes a poll of replies in one transaction: loads all instances, decides in memory, stores and sends set-based. A batch
 * that can't be stored is split until the culprit is alone; that one is quarantined, the rest commit. Safe for use by
 * many threads.
 */
final class ReplyProcessor implements RecordProcessor {

    private static final Logger log = LoggerFactory.getLogger(ReplyProcessor.class);

    private final SagaRegistry registry;
    private final SagaStore store;
    private final Progress.Tools tools;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final Quarantine quarantine;
    private final HandOver handOver;
    private final Listeners listeners;
    private final DispositionCounts counts;

    ReplyProcessor(
            SagaRegistry registry,
            SagaStore store,
            Progress.Tools tools,
            Outbox outbox,
            PlatformTransactionManager transactions,
            Quarantine quarantine,
            HandOver handOver,
            Listeners listeners,
            DispositionCounts counts) {
        this.registry = registry;
        this.store = store;
        this.tools = tools;
        this.outbox = outbox;
        this.transaction = new TransactionTemplate(transactions);
        this.quarantine = quarantine;
        this.handOver = handOver;
        this.listeners = listeners;
        this.counts = counts;
    }

    @Override
    public void process(List<InboundRecord> records) {
        List<SagaMessage> replies = new ArrayList<>(records.size());
        List<Case> malformed = new ArrayList<>();
        for (InboundRecord record : records) {
            try {
                tools.messages().security().verify(record);
                replies.add(SagaMessage.reply(record));
            } catch (MalformedMessageException trouble) {
                malformed.add(Case.of(record, trouble));
            }
        }
        if (!malformed.isEmpty()) {
            keep(malformed);
        }
        if (!replies.isEmpty()) {
            processSplitting(replies);
        }
    }

    private void processSplitting(List<SagaMessage> replies) {
        List<SagaListener.Change> changes;
        try {
            changes = transaction.execute(status -> processInTransaction(replies));
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfAway(thrown);
            if (replies.size() == 1) {
                InboundRecord culprit = replies.get(0).record();
                log.error("The reply at {} can't be processed: {}", culprit.place(), ErrorText.kind(thrown));
                keep(List.of(new Case(culprit, "PROCESSING_FAILED", ErrorText.of(thrown))));
                return;
            }
            int middle = replies.size() / 2;
            processSplitting(replies.subList(0, middle));
            processSplitting(replies.subList(middle, replies.size()));
            return;
        }
        listeners.tell(changes);
    }

    /** In a transaction of its own: a pool may hand out connections that do not commit by themselves. */
    private void keep(List<Case> cases) {
        transaction.executeWithoutResult(status -> quarantine.keep(cases));
    }

    private List<SagaListener.Change> processInTransaction(List<SagaMessage> replies) {
        Set<UUID> ids = new LinkedHashSet<>();
        replies.forEach(reply -> ids.add(reply.sagaId()));
        Map<UUID, StoredSaga> stored = store.lock(ids);
        Map<UUID, Progress> open = new LinkedHashMap<>();
        List<Case> unusable = new ArrayList<>();
        List<SagaMessage> waiting = new ArrayList<>();
        for (SagaMessage reply : replies) {
            StoredSaga saga = stored.get(reply.sagaId());
            if (saga == null) {
                unusable.add(new Case(
                        reply.record(), "UNKNOWN_SAGA", "There is no saga %s here.".formatted(reply.sagaId())));
                continue;
            }
            Optional<SagaDefinition> definition = registry.find(saga.name(), saga.version());
            if (definition.isEmpty()) {
                waiting.add(reply);
                continue;
            }
            ReplyReceived event;
            try {
                event = event(definition.get(), reply);
            } catch (MalformedMessageException trouble) {
                unusable.add(Case.of(reply.record(), trouble));
                continue;
            }
            Progress progress =
                    open.computeIfAbsent(saga.sagaId(), id -> Progress.resume(tools, definition.get(), saga));
            take(saga.name(), progress, event, reply);
        }
        quarantine.keep(unusable);
        handOver.keep(waiting);
        return store(stored, open);
    }

    private void take(String saga, Progress progress, ReplyReceived event, SagaMessage reply) {
        SagaObserver.Work work = tools.observer().takes(saga, reply);
        LogFields fields = LogFields.of(reply, reply.source());
        try {
            Applied applied = progress.apply(event, reply);
            counts.count(applied.disposition());
            if (applied.disposition().isRecorded()) {
                log.info(
                        "Reply at {} to saga {}, step {} is {}",
                        reply.record().place(),
                        reply.sagaId(),
                        reply.step(),
                        applied.disposition());
            }
            progress.runLocalSteps(applied.localSteps(), reply);
            work.came(applied.disposition().name().toLowerCase(Locale.ROOT));
        } catch (RuntimeException thrown) {
            work.threw(thrown);
            throw thrown;
        } finally {
            fields.clear();
            work.end();
        }
    }

    private List<SagaListener.Change> store(Map<UUID, StoredSaga> stored, Map<UUID, Progress> open) {
        Batch batch = new Batch(store, outbox, tools.ends(), tools.observer());
        open.forEach((id, progress) -> batch.add(Objects.requireNonNull(stored.get(id)), progress));
        return batch.store();
    }

    private ReplyReceived event(SagaDefinition definition, SagaMessage message) {
        return new ReplyReceived(
                message.step(),
                message.kind(),
                message.source(),
                Objects.requireNonNull(message.outcome()),
                body(definition, message),
                words(message),
                ReservedTypes.isPermanentError(message.type()),
                message.attempt(),
                message.round(),
                message.outcome() == Outcome.ERROR ? ToldError.framesIn(message.record()) : null);
    }

    /** The type, and what a participant tells of its error. */
    private static String words(SagaMessage message) {
        String error = message.outcome() == Outcome.ERROR ? ToldError.in(message.record()) : null;
        return error == null ? message.type() : message.type() + ": " + error;
    }

    private @Nullable Reply body(SagaDefinition definition, SagaMessage message) {
        Optional<StepDefinition> step = definition.step(message.step());
        if (step.isEmpty() || ReservedTypes.isReserved(message.type())) {
            return null;
        }
        // Before anything else is made of it, also of a type that nobody knows.
        byte[] payload = tools.messages().security().open(message).payload();
        boolean compensation = message.kind() == CommandKind.COMPENSATION;
        Optional<Class<? extends Reply>> type = StepReplies.find(step.get(), compensation, message.type());
        if (type.isEmpty()) {
            if (StepReplies.isClosed(step.get(), compensation)) {
                throw new MalformedMessageException(
                        "UNKNOWN_TYPE",
                        "Step '%s' of saga '%s' has no reply of type %s in its contract."
                                .formatted(message.step(), definition.name(), message.type()));
            }
            return null;
        }
        try {
            return tools.codec().decode(payload, type.get());
        } catch (PayloadException trouble) {
            throw new MalformedMessageException("MALFORMED_PAYLOAD", String.valueOf(trouble.getMessage()));
        }
    }
}
