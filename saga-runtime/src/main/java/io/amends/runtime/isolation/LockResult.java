package io.amends.runtime.isolation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether a saga has the locks it asked for: all of them, or none. Immutable. */
public sealed interface LockResult {

    /** The saga holds them, until it releases them. */
    record Granted() implements LockResult {}

    /**
     * It has got none of them, and the handler turns that into a rejection.
     *
     * @param name the lock that stood in the way, the first one of several
     * @param owner the saga that holds it; null if it is free, but promised to who waits in the queue
     * @param reason why the command is not put aside to wait
     */
    record Refused(LockName name, @Nullable UUID owner, Reason reason) implements LockResult {}

    /** Why a lock was refused. */
    enum Reason {
        /** Another saga has it, and the command was not to wait. */
        HELD,
        /** The command has waited as long as it was to. */
        WAITED_TOO_LONG,
        /** As many commands as may wait for one lock do so already. */
        QUEUE_FULL
    }

    /** Whether the saga has the locks. */
    default boolean granted() {
        return this instanceof Granted;
    }
}
