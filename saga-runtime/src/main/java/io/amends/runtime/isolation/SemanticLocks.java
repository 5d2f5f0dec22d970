package io.amends.runtime.isolation;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Locks that a saga holds from one of its transactions to another, for participants: a countermeasure against what sagas
 * see of each other before they end (after L. Frank and T. U. Zahle, Semantic ACID Properties in Multidatabases, 1998).
 * An application calls it in a {@code @CommandHandler} method; the lock then belongs to the saga of that command:
 *
 * <pre>{@code
 * @CommandHandler
 * ReserveSeatReply on(ReserveSeat command) {
 *     LockName seat = LockName.of("seat", command.seat());
 *     if (locks.acquire(seat, LockMode.queueUpTo(Duration.ofSeconds(20))) instanceof LockResult.Refused) {
 *         return new SeatTaken(command.seat());
 *     }
 *     ...
 * }
 * }</pre>
 *
 * <p>Acquire before anything else: a command that has to wait leaves the handler with {@link LockWaitException}, what it
 * wrote is undone, and it is delivered again once the lock may be had or its time is over. No transaction, thread or
 * other message waits meanwhile, and it does not count as an attempt. A rejection gives back what its handler acquired.
 * Otherwise the lock stays, whatever crashes, until it is released in the transaction that ends the need: by the handler
 * of the compensation, and by that of the last step that needs it.
 *
 * <p>A saga that needs several takes them in one {@link #acquireAll}; sagas that hold one and wait for another can block
 * each other until the limit of one of them. Wait only in commands that may be rejected, since the limit may pass.
 *
 * <p>Joins the running transaction, and throws {@link IllegalStateException} without one. Safe for use by many threads.
 */
public final class SemanticLocks {

    /** How many commands may wait for one lock; the next is refused. */
    public static final int LONGEST_QUEUE = 1_000;

    private static final LockResult.Granted GRANTED = new LockResult.Granted();

    private final LockTable table;
    private final LockDesk desk;

    /** In the database of the participants' transactions. */
    public SemanticLocks(JdbcOperations jdbc) {
        this.table = new LockTable(jdbc);
        this.desk = new LockDesk(jdbc);
    }

    /** What an operator sees and may do. */
    public LockDesk desk() {
        return desk;
    }

    /**
     * Acquires a lock for the saga of the command that is being handled; a lock that it has already, it keeps.
     *
     * @throws LockWaitException if the command is to wait; let it pass
     */
    public LockResult acquire(LockName name, LockMode mode) {
        return acquireAll(List.of(name), mode);
    }

    /**
     * Acquires all of the locks, or none.
     *
     * @throws LockWaitException if the command is to wait; let it pass
     */
    public LockResult acquireAll(Collection<LockName> names, LockMode mode) {
        CommandScope scope = scope();
        List<LockName> wanted = names.stream().distinct().sorted().toList();
        List<LockTable.Claimed> claimed = table.claim(wanted, scope);
        if (claimed.stream().allMatch(lock -> scope.sagaId().equals(lock.owner()))) {
            return GRANTED;
        }
        LockTable.Standing standing = table.standing(wanted, scope);
        LockTable.Obstacle obstacle = standing.obstacle();
        if (obstacle == null) {
            table.take(wanted, scope);
            return GRANTED;
        }
        LockResult.Reason reason = refusal(mode, standing);
        if (reason == null) {
            // What was claimed is undone with the handler's other writes.
            throw scope.await(new LockWait(wanted, mode.inOrder(), mode.limit()));
        }
        List<LockName> made = claimed.stream()
                .filter(LockTable.Claimed::made)
                .map(LockTable.Claimed::name)
                .toList();
        if (!made.isEmpty()) {
            table.forget(made);
        }
        return new LockResult.Refused(obstacle.name(), obstacle.owner(), reason);
    }

    private static LockResult.@Nullable Reason refusal(LockMode mode, LockTable.Standing standing) {
        if (!mode.waits()) {
            return LockResult.Reason.HELD;
        }
        if (standing.over()) {
            return LockResult.Reason.WAITED_TOO_LONG;
        }
        return !standing.waits() && standing.longestQueue() >= LONGEST_QUEUE ? LockResult.Reason.QUEUE_FULL : null;
    }

    /**
     * Releases a lock, if the saga of the command that is being handled has it; the next in line is then delivered.
     *
     * @return whether it had it
     */
    public boolean release(LockName name) {
        return release(List.of(name)) == 1;
    }

    /**
     * Releases whatever the saga of the command that is being handled has in this database.
     *
     * @return how many locks
     */
    public int releaseAll() {
        return release(table.ownedBy(scope().sagaId()));
    }

    /** Whether the saga of the command that is being handled has the lock; an operator may have taken it away. */
    public boolean isHeld(LockName name) {
        UUID saga = scope().sagaId();
        return desk.find(name)
                .map(HeldLock::owner)
                .filter(owner -> owner.sagaId().equals(saga))
                .isPresent();
    }

    private int release(List<LockName> names) {
        CommandScope scope = scope();
        List<LockName> freed = table.free(scope.sagaId(), names);
        if (!freed.isEmpty() && table.serve(freed) > 0) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    scope.served().run();
                }
            });
        }
        return freed.size();
    }

    private static CommandScope scope() {
        CommandScope scope = CommandScope.current();
        requireTransaction();
        return scope;
    }

    static void requireTransaction() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "Semantic locks change together with what they protect, and no transaction is active here. Call them in the handler's own transaction, or in one of the operator's.");
        }
    }
}
