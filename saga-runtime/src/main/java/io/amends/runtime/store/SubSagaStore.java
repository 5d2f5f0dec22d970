package io.amends.runtime.store;

import io.amends.saga.ReplyToken;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which instances were started by a step of another saga, and whose end answers which command. Every method takes part in
 * the caller's transaction and is one statement for any number of instances. Safe for use by many threads and processes.
 */
public interface SubSagaStore {

    /** What an instance is to a step of another saga. */
    enum Role {
        /** The step started it. */
        CHILD,
        /** It was a child, and the step's compensation told it to turn back. */
        TURN_BACK,
        /** The step's compensation started it to undo the child. */
        UNDO
    }

    /**
     * An instance and the step of another saga that waits, or waited, for its end.
     *
     * @param sagaId the instance
     * @param parentId the other saga
     * @param parentName its name
     * @param parentStep its step
     * @param token what its end is answered with; null if nothing is
     * @param undo what is started should it complete nevertheless; null unless it is to turn back
     */
    record Link(
            UUID sagaId,
            Role role,
            UUID parentId,
            String parentName,
            String parentStep,
            @Nullable ReplyToken token,
            @Nullable Undo undo) {}

    /** A saga that is started to undo another one; its data as it came. */
    record Undo(String saga, String key, byte[] data) {}

    /** Adds a link of an instance that this transaction made or has locked. */
    void add(Link link);

    /** The link of the child that the step started. */
    Optional<Link> childOf(UUID parentId, String parentStep);

    /** Lets a child's end not be answered to the step that started it. */
    void silence(UUID child);

    /** The links of those instances that have a token. */
    List<Link> answeredBy(Collection<UUID> sagaIds);

    /** The links of children and of what undoes them, where one of those instances is either end. */
    List<Link> around(Collection<UUID> sagaIds);
}
