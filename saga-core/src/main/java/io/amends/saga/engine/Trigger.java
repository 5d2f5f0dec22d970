package io.amends.saga.engine;

import java.util.Locale;

/** What kind of event moves an instance. */
public enum Trigger {
    /** The instance begins. */
    START,
    /** A participant, a local step or whoever gives a signal has answered; or a participant takes actions again. */
    ANSWER,
    /** Something is due: a reply is missing, the next attempt comes, a hold ends, the deadline passes. */
    TIME,
    /** An operator's verb. */
    OPERATOR;

    /** The trigger that an event is. */
    public static Trigger of(SagaEvent event) {
        if (event instanceof SagaEvent.Started) {
            return START;
        }
        if (event instanceof SagaEvent.TimeCame) {
            return TIME;
        }
        return event instanceof SagaEvent.Verb ? OPERATOR : ANSWER;
    }

    /** The trigger as diagrams call it: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
