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

    /** Replies to instances of those definitions, those that came first before others. */
    List<InboundRecord> find(Collection<SagaDefinition> definitions, int most);

    /** Removes replies that were processed. */
    void delete(List<InboundRecord> records);
}
