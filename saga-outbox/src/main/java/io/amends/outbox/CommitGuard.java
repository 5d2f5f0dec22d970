package io.amends.outbox;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notices that a transaction has begun to commit, so that {@link JdbcOutbox} refuses the first message of a transaction
 * that would come too late to be written, as from a JPA entity listener that runs while the transaction commits. Register
 * it with the transaction manager; without it such a message is lost, and an error in the log says so. Safe for use by
 * many threads.
 */
public final class CommitGuard implements TransactionExecutionListener {

    private static final Object KEY = CommitGuard.class;

    /** Whether the current thread's transaction is past the point where messages are written. */
    static boolean isCommitting() {
        return TransactionSynchronizationManager.hasResource(KEY);
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        // One of its own, begun while another commits, may well append.
        if (transaction.isNewTransaction()) {
            forget();
        }
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        if (transaction.isNewTransaction() && !isCommitting()) {
            TransactionSynchronizationManager.bindResource(KEY, KEY);
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        forget();
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
        forget();
    }

    private static void forget() {
        TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
    }
}
