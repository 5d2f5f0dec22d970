package io.amends.outbox;

import java.util.Collection;
import java.util.List;

/**
 * Takes messages in the caller's transaction: they are published if it commits, and never if it does not. Safe for use
 * by many threads. An implementation passes {@code OutboxConformance} of saga-test.
 */
public interface Outbox {

    /**
     * Appends a message to the running transaction.
     *
     * @throws NoTransactionException outside a transaction on the outbox's database
     * @throws MessageRefusedException if the message could never be sent
     */
    default void append(OutboxMessage message) {
        appendAll(List.of(message));
    }

    /**
     * Appends messages, in order; all or none.
     *
     * @throws NoTransactionException outside a transaction on the outbox's database
     * @throws MessageRefusedException if one of them could never be sent
     */
    void appendAll(Collection<OutboxMessage> messages);

    /**
     * Throws where an append would be refused, whatever the message: for those who write before they know what to append. What
     * they wrote after the commit, in a listener that runs then for instance, would stay although its messages are refused.
     * An outbox that takes messages always need not implement it; one that decorates another passes it on.
     *
     * @throws NoTransactionException outside a transaction on the outbox's database
     */
    default void requireTransaction() {}
}
