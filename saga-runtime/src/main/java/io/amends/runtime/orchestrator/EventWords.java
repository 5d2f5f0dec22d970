package io.amends.runtime.orchestrator;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.migration.MigrationLine;
import io.amends.runtime.store.StoredSaga.AnsweredCommand;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.SentCommand;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.MessageTypes;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the history says of an event, beside its name. */
record EventWords(
        @Nullable String step,
        @Nullable CommandKind kind,
        @Nullable String participant,
        @Nullable String detail) {

    private static final String SENT = "Sent";
    private static final int LONGEST = 2000;

    /** The line of the history. */
    HistoryEntry entry(
            long clock,
            SagaEvent event,
            @Nullable SagaMessage cause,
            Disposition disposition,
            SagaPhase phase,
            byte @Nullable [] data) {
        return new HistoryEntry(
                clock,
                event.getClass().getSimpleName(),
                step,
                kind == null ? null : kind.wireName(),
                participant,
                cause == null ? null : cause.id(),
                disposition.name(),
                phase.name(),
                shortened(detail),
                cause == null ? null : cause.record().place(),
                data,
                null,
                answered(cause));
    }

    private static @Nullable AnsweredCommand answered(@Nullable SagaMessage cause) {
        if (cause == null || cause.outcome() == null) {
            return null;
        }
        UUID command = cause.causationId();
        return command == null ? null : new AnsweredCommand(command, cause.commandPlace());
    }

    /** What is said of a command that goes with the transaction. */
    static SentCommand sent(SendCommand send, OutboxMessage message) {
        String attempt = send.attempt() == 1 ? "" : ", attempt " + send.attempt();
        String round = send.round() == 0 ? "" : ", asked anew for the %d. time".formatted(send.round());
        return new SentCommand(
                message.id(),
                send.step(),
                send.kind().wireName(),
                send.participant(),
                shortened(message.type() + attempt + round));
    }

    /** A line of its own for a command. */
    static HistoryEntry sent(long clock, SentCommand sent, SagaPhase phase) {
        return new HistoryEntry(
                clock,
                SENT,
                sent.step(),
                sent.kind(),
                sent.participant(),
                sent.messageId(),
                Disposition.ACCEPTED.name(),
                phase.name(),
                sent.detail());
    }

    /** A line for what is no event of the engine's. */
    static HistoryEntry note(long clock, String what, SagaPhase phase, String detail) {
        return new HistoryEntry(
                clock, what, null, null, null, null, Disposition.ACCEPTED.name(), phase.name(), shortened(detail));
    }

    /** Whether the saga's own code is given what the event brings. */
    static boolean takesReply(SagaEvent event) {
        return (event instanceof SagaEvent.ReplyReceived reply && reply.reply() != null)
                || event instanceof SagaEvent.SignalReceived
                || (event instanceof SagaEvent.Skip skip && skip.result() != null);
    }

    /** Whether it puts other data in the place of what is stored. */
    static boolean replacesData(SagaEvent event) {
        return event instanceof SagaEvent.EditAndRetry || event instanceof SagaEvent.Migrate;
    }

    /** What the saga's code says may be of any length. */
    static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    static EventWords of(SagaEvent event) {
        if (event instanceof SagaEvent.ReplyReceived reply) {
            return new EventWords(
                    reply.step(),
                    reply.kind(),
                    reply.participant(),
                    reply.outcome().wireName() + " " + reply.replyType());
        }
        if (event instanceof SagaEvent.LocalStepRan ran) {
            String reply =
                    ran.reply() == null ? null : MessageTypes.nameOf(ran.reply().getClass());
            return new EventWords(ran.step(), ran.kind(), null, reply);
        }
        if (event instanceof SagaEvent.LocalStepThrew threw) {
            return new EventWords(threw.step(), threw.kind(), null, threw.error());
        }
        if (event instanceof SagaEvent.Admitted admitted) {
            return new EventWords(admitted.step(), CommandKind.ACTION, null, null);
        }
        if (event instanceof SagaEvent.SignalReceived signal) {
            return of(signal.signal() + " " + MessageTypes.nameOf(signal.reply().getClass()));
        }
        if (event instanceof SagaEvent.Skip skip) {
            return new EventWords(skip.step(), skip.kind(), null, null);
        }
        if (event instanceof SagaEvent.ResumeFrom from) {
            return new EventWords(from.step(), CommandKind.ACTION, null, null);
        }
        if (event instanceof SagaEvent.Migrate migrate) {
            return of(MigrationLine.detail(migrate.version()));
        }
        if (event instanceof SagaEvent.TurnBack back) {
            return of(back.reason());
        }
        if (event instanceof SagaEvent.ResolveByHand by) {
            return of(by.as() + ": " + by.reason());
        }
        if (event instanceof SagaEvent.Hold hold) {
            return of(hold.reason());
        }
        return of(event instanceof SagaEvent.ExtendDeadline extend ? "to " + extend.to() : null);
    }

    private static EventWords of(@Nullable String detail) {
        return new EventWords(null, null, null, detail);
    }
}
