package io.amends.runtime.store;

import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.definition.SagaDefinition;
import java.util.Collection;
import java.util.List;

/**
 * Replies to instances of a version that no process had when they came. Every method takes part in the caller's
 * transaction. Safe for use by many threads and processes.
 */
public interface WaitingReplies {

    /**
     * Keeps the replies and marks their instances as stuck; a reply that is there already stays as it is. The number of
     * statements does not depend on the number of replies.
     */
    void keep(List<SagaMessage> replies);

    /**
     * A reply that waits.
     *
     * @param record as it was delivered
     * @param arrival tells this wait from another of the same record, which an operator may have put there again since
     */
    record Waiting(InboundRecord record, long arrival) {}

    /** Replies to instances of those definitions, those that came first before others. */
    List<Waiting> find(Collection<SagaDefinition> definitions, int most);

    /** Removes replies that were processed; one that was put there again after it was found stays. */
    void delete(List<Waiting> replies);
}
