package io.amends.outbox.inbox;

/** Lets handlers go on with the trace that their message carries. Safe for use by many threads. */
@FunctionalInterface
public interface MessageTraces {

    /** Handlers run in no trace of their message. */
    MessageTraces NONE = (consumer, handler) -> handler;

    /**
     * The handler, each call of it within a span whose parent is the span that the message's headers name; a call that throws
     * ends its span with that error.
     *
     * @param consumer the consumer's name
     */
    MessageHandler traced(String consumer, MessageHandler handler);
}
