package io.amends.runtime.participant;

import io.amends.outbox.Outbox;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.observation.LogFields;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.participant.CommandTransaction.Ran;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.quarantine.Quarantine.Case;
import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.runtime.store.ParticipantStore;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.runtime.wire.RecordProcessor;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.ToldError;
import io.amends.saga.engine.HybridClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries out a participant's commands: one transaction a poll while all is well, one a command once a handler threw. A
 * command whose handler throws, or whose row another transaction has locked for long, waits in a table of its own, so that
 * other sagas of the partition flow on. Safe for use by many threads.
 */
public final class Participant implements RecordProcessor {

    private static final Logger log = LoggerFactory.getLogger(Participant.class);

    /** How often a command that lost a deadlock is run again at once, before it waits like one whose handler threw. */
    private static final int RACES = 3;

    private final ParticipantDefinition definition;
    private final CommandTransaction commands;
    private final Redelivery redelivery;
    private final Duration lockTimeout;
    private final boolean tellsErrors;
    private final Quarantine quarantine;
    private final Outbox outbox;
    private final MessageFactory messages;
    private final PayloadCodec codec;
    private final LongSupplier millis;
    private final TransactionTemplate transaction;
    private final LongAdder repeats = new LongAdder();

    /** How many transactions in a row rejected nothing, up to the number that matters. */
    private final AtomicInteger withoutRejection = new AtomicInteger();

    /** What a participant works with. */
    public record Dependencies(
            ParticipantStore store,
            PlatformTransactionManager transactions,
            Outbox outbox,
            PayloadCodec codec,
            MessageFactory messages,
            Quarantine quarantine,
            LongSupplier millis,
            DoubleSupplier chance) {}

    /** For that definition. */
    public Participant(ParticipantDefinition definition, Dependencies with, RedeliverySettings settings) {
        this(definition, with, settings, SagaObserver.NONE);
    }

    /**
     * Likewise, observed.
     *
     * @param observer sees what happens
     */
    public Participant(
            ParticipantDefinition definition, Dependencies with, RedeliverySettings settings, SagaObserver observer) {
        this.definition = definition;
        this.outbox = with.outbox();
        this.messages = with.messages();
        this.codec = with.codec();
        this.millis = with.millis();
        this.quarantine = with.quarantine();
        this.transaction = new TransactionTemplate(with.transactions());
        this.lockTimeout = settings.lockTimeout();
        this.tellsErrors = settings.tellsErrors();
        this.redelivery = new Redelivery(
                with.store().redeliveries(definition.name()),
                definition.name(),
                settings,
                transaction,
                this::redeliver,
                this::giveUp,
                with.chance());
        this.commands = new CommandTransaction(
                definition.name(),
                with.store().barrier(definition.name()),
                with.store().openReplies(),
                redelivery,
                with.outbox(),
                with.messages(),
                with.codec(),
                with.millis(),
                with.transactions(),
                observer);
    }

    /** What it is called and handles. */
    public ParticipantDefinition definition() {
        return definition;
    }

    /** Delivers waiting commands again as they fall due; start it once. */
    public Redelivery redelivery() {
        return redelivery;
    }

    /** How many commands this process has recognised as repeats. */
    public long repeats() {
        return repeats.sum();
    }

    @Override
    public void process(List<InboundRecord> records) {
        List<ReceivedCommand> received = understand(records);
        if (received.isEmpty()) {
            return;
        }
        Patience patience = new Patience(lockTimeout);
        if (received.size() == 1) {
            processAlone(received.get(0), patience);
            return;
        }
        try {
            carryOut(received, patience);
        } catch (RuntimeException thrown) {
            // One of them is to blame: its handler threw, its reply can't be sent, the commit refused what it wrote,
            // its row
            // is locked. Or together they hold too many locks. Alone, each commits or fails for itself.
            Infrastructure.rethrowIfUnreachable(thrown);
            received.forEach(command -> processAlone(command, patience));
        }
    }

    private void carryOut(List<ReceivedCommand> received, Patience patience) {
        Savepoints savepoints = Savepoints.after(withoutRejection.get());
        try {
            carryOut(received, savepoints, patience, Map.of());
        } catch (SavepointNeededException needed) {
            if (savepoints != Savepoints.NONE) {
                throw needed;
            }
            withoutRejection.set(0);
            carryOut(received, Savepoints.WHERE_REJECTABLE, patience, Map.of());
        }
    }

    private void carryOut(
            List<ReceivedCommand> received,
            Savepoints savepoints,
            Patience patience,
            Map<Barrier.Key, StoredReply> decided) {
        Ran ran = transaction.execute(status -> commands.run(received, savepoints, patience.limit(), decided));
        withoutRejection.updateAndGet(clean -> Savepoints.clean(clean, ran.asked(), ran.undid()));
        repeats.add(ran.repeats());
    }

    private void processAlone(ReceivedCommand command, Patience patience) {
        boolean savepoint = false;
        Map<Barrier.Key, StoredReply> decided = Map.of();
        for (int race = 1; ; race++) {
            try {
                if (savepoint) {
                    carryOut(List.of(command), Savepoints.EVERYWHERE, patience, decided);
                } else {
                    carryOut(List.of(command), patience);
                }
                return;
            } catch (SavepointNeededException needed) {
                savepoint = true;
            } catch (RejectedInVainException undone) {
                savepoint = true;
                decided = undone.rejections();
            } catch (RuntimeException thrown) {
                Infrastructure.rethrowIfUnreachable(thrown);
                boolean locked = Infrastructure.lockNotFree(thrown);
                if (locked) {
                    patience.waitedInVain();
                }
                // Who waited for a lock in vain would only do so again.
                if (locked || !Infrastructure.lostRace(thrown) || race == RACES) {
                    schedule(command.message(), thrown);
                    return;
                }
            }
        }
    }

    private void schedule(SagaMessage message, RuntimeException thrown) {
        LogFields fields = LogFields.of(message, definition.name());
        try {
            redelivery.schedule(message, thrown);
        } finally {
            fields.clear();
        }
    }

    private List<ReceivedCommand> understand(List<InboundRecord> records) {
        List<ReceivedCommand> received = new ArrayList<>(records.size());
        List<Case> malformed = new ArrayList<>();
        List<SagaMessage> unanswered = new ArrayList<>();
        for (InboundRecord record : records) {
            SagaMessage message;
            SagaMessage opened;
            try {
                messages.security().verify(record);
                message = SagaMessage.command(record);
                opened = messages.security().open(message);
            } catch (MalformedMessageException trouble) {
                malformed.add(Case.of(record, trouble));
                continue;
            }
            try {
                received.add(understand(message, opened));
            } catch (MalformedMessageException trouble) {
                malformed.add(Case.of(record, trouble));
                unanswered.add(message);
            }
        }
        if (!malformed.isEmpty()) {
            // Who sent a well-formed envelope is told, so that its saga does not wait for ever.
            transaction.executeWithoutResult(status -> {
                quarantine.keep(malformed);
                unanswered.forEach(
                        // Why is in the quarantine here: what can't be read may be quoted there.
                        message -> answerError(message, ReservedTypes.COMMAND_NOT_UNDERSTOOD, ToldError.NOTHING));
            });
        }
        return received;
    }

    /** What is kept of it is the message as it came; the opened one is only read. */
    private ReceivedCommand understand(SagaMessage message, SagaMessage opened) {
        CommandMethod method = definition.handlers().get(message.type());
        if (method == null) {
            throw new MalformedMessageException(
                    "UNKNOWN_TYPE",
                    "Participant '%s' has no handler for %s; it handles %s."
                            .formatted(
                                    definition.name(),
                                    message.type(),
                                    definition.handlers().keySet().stream()
                                            .sorted()
                                            .toList()));
        }
        try {
            return new ReceivedCommand(message, method, method.reader().read(opened, codec));
        } catch (PayloadException trouble) {
            throw new MalformedMessageException("MALFORMED_PAYLOAD", String.valueOf(trouble.getMessage()));
        }
    }

    /** Whether the command is done with; it is not where it has to wait for a semantic lock. */
    private boolean redeliver(SagaMessage message, Duration limit, Map<Barrier.Key, StoredReply> decided) {
        ReceivedCommand command = understand(message, messages.security().open(message));
        Ran ran = commands.run(List.of(command), Savepoints.EVERYWHERE, limit, decided);
        repeats.add(ran.repeats());
        return ran.waiting() == 0;
    }

    private void giveUp(SagaMessage message, Redelivery.Failure failure) {
        log.error(
                "Step '{}' of saga {} is answered with an error after the last attempt of participant '{}'{}: {}",
                message.step(),
                message.sagaId(),
                definition.name(),
                failure.permanent() ? ", for good" : "",
                failure.kind());
        String misunderstood = failure.misunderstood();
        if (misunderstood != null) {
            // As at its first attempt: what can't be read may be quoted in the error.
            quarantine.keep(List.of(new Case(message.record(), misunderstood, failure.error())));
            answerError(message, ReservedTypes.COMMAND_NOT_UNDERSTOOD, ToldError.NOTHING);
            return;
        }
        quarantine.keep(List.of(new Case(message.record(), "HANDLER_FAILED", failure.error())));
        answerError(
                message,
                failure.permanent() ? ReservedTypes.HANDLER_FAILED_FOR_GOOD : ReservedTypes.HANDLER_FAILED,
                tellsErrors ? new ToldError(ToldError.of(failure.error()), failure.frames()) : ToldError.NOTHING);
    }

    private void answerError(SagaMessage message, String type, ToldError error) {
        long clock = HybridClock.next(0, message.clock(), millis.getAsLong());
        outbox.append(messages.error(message, definition.name(), type, clock, error));
    }
}
