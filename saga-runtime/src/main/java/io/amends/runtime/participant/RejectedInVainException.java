package io.amends.runtime.participant;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.StoredReply;
import java.util.Map;

/**
 * A handler rejected its command after an exception had left transactional code that it called, and the transaction manager can't take
 * the mark away that this left, as JPA's can't: all can only be undone. Roll back; since a rejection leaves nothing of the handler's,
 * it can be noted in a transaction of its own, without calling the handler again.
 */
final class RejectedInVainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Map<Barrier.Key, StoredReply> rejections;

    RejectedInVainException(Map<Barrier.Key, StoredReply> rejections) {
        super("A command was rejected in a transaction that can only be undone", null, false, false);
        this.rejections = Map.copyOf(rejections);
    }

    Map<Barrier.Key, StoredReply> rejections() {
        return rejections;
    }
}
