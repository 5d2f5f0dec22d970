package io.amends.outbox.inbox;

/** What is done with a message, in the transaction that notes it as taken. Called by many threads. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Handles a message.
     *
     * @throws Exception if it can't be handled now; it is tried again later
     * @throws UnprocessableMessageException if it never can be
     */
    void handle(ReceivedMessage message) throws Exception;
}
