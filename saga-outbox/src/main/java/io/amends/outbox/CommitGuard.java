package io.amends.outbox;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notices that a transaction has begun to commit or to roll back, so that {@link JdbcOutbox} refuses the first message of a
 * transaction that would come too late to be written, as from a JPA entity listener that runs while the transaction commits,
 * or from a listener that runs after its end. Register it with the transaction manager; without it such a message is lost,
 * and an error in the log says so. Safe for use by many threads.
 */
public final class CommitGuard implements TransactionExecutionListener {

    private static final Object KEY = CommitGuard.class;

    /** A transaction of the thread; those around it are suspended, perhaps while they end. */
    private static final class Running {
        private boolean ending;
    }

    /** Whether the current thread's transaction is past the point where messages are written. */
    static boolean isCommitting() {
        Deque<Running> all = all();
        return all != null && all.element().ending;
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure != null || !transaction.isNewTransaction()) {
            return;
        }
        if (isOutermost(transaction)) {
            // Whatever a transaction of before has left, as after a failure that ended none of its listeners.
            TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
        }
        Deque<Running> all = all();
        if (all == null) {
            all = new ArrayDeque<>();
            TransactionSynchronizationManager.bindResource(KEY, all);
        }
        all.push(new Running());
    }

    private static boolean isOutermost(TransactionExecution transaction) {
        return transaction instanceof DefaultTransactionStatus status && status.getSuspendedResources() == null;
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        ends(transaction);
    }

    @Override
    public void beforeRollback(TransactionExecution transaction) {
        ends(transaction);
    }

    private static void ends(TransactionExecution transaction) {
        Deque<Running> all = all();
        if (all != null && transaction.isNewTransaction()) {
            all.element().ending = true;
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        forget(transaction);
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
        forget(transaction);
    }

    private static void forget(TransactionExecution transaction) {
        Deque<Running> all = all();
        if (all != null && transaction.isNewTransaction()) {
            all.pop();
            if (all.isEmpty()) {
                TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
            }
        }
    }

    /** Never empty. */
    @SuppressWarnings("unchecked")
    private static @Nullable Deque<Running> all() {
        return (Deque<Running>) TransactionSynchronizationManager.getResource(KEY);
    }
}
