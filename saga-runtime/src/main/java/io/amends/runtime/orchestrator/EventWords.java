package io.amends.runtime.orchestrator;

import io.amends.saga.MessageTypes;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaEvent;
import org.jspecify.annotations.Nullable;

/** What the history says of an event, beside its name. */
record EventWords(
        @Nullable String step,
        @Nullable CommandKind kind,
        @Nullable String participant,
        @Nullable String detail) {

    private static final int MOST = 2000;

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

    /** No longer than a column or a page should be. */
    static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= MOST ? text : text.substring(0, MOST) + "...";
    }
}
