package io.amends.runtime.isolation;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A lock as an operator sees it. Immutable.
 *
 * @param name what it protects
 * @param owner who has it; null where it has just become free and is promised to who waits
 * @param waiters who waits, in the order of arrival
 */
public record HeldLock(LockName name, @Nullable Owner owner, List<Waiter> waiters) {

    public HeldLock {
        waiters = List.copyOf(waiters);
    }

    /**
     * Who has a lock.
     *
     * @param sagaId the saga
     * @param participant whose handler took it
     * @param step the step of that command
     * @param since when, by the database's clock
     */
    public record Owner(UUID sagaId, String participant, String step, Instant since) {}

    /**
     * A command that waits.
     *
     * @param sagaId its saga
     * @param participant who handles it
     * @param step its step
     * @param since when it began to wait, by the database's clock
     * @param until when it is refused
     * @param inOrder whether it has a place in the queue
     */
    public record Waiter(UUID sagaId, String participant, String step, Instant since, Instant until, boolean inOrder) {}
}
