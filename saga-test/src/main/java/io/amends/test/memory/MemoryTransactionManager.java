package io.amends.test.memory;

import io.amends.test.memory.MemoryDatabase.Point;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.SmartTransactionObject;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Spring's transactions on a {@link MemoryDatabase}, nested ones by savepoints. Safe for use by many threads. */
final class MemoryTransactionManager extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;

    private final transient MemoryDatabase database;

    MemoryTransactionManager(MemoryDatabase database) {
        this.database = database;
        setNestedTransactionAllowed(true);
    }

    /** Spring's handle of a transaction. */
    private final class Handle implements SavepointManager, SmartTransactionObject {

        @Nullable
        private MemoryTransaction transaction;

        private MemoryTransaction running() {
            return Objects.requireNonNull(transaction, "no transaction");
        }

        @Override
        public Object createSavepoint() {
            if (isRollbackOnly()) {
                throw new CannotCreateTransactionException("The transaction is marked as rollback-only already.");
            }
            return running().savepoint();
        }

        @Override
        public void rollbackToSavepoint(Object savepoint) {
            database.rollbackTo(running(), (MemoryTransaction.Savepoint) savepoint);
        }

        @Override
        public void releaseSavepoint(Object savepoint) {
            // what was changed since belongs to the transaction already
        }

        @Override
        public boolean isRollbackOnly() {
            return transaction != null && transaction.isRollbackOnly();
        }

        @Override
        public void flush() {
            // nothing is held back
        }
    }

    @Override
    protected Object doGetTransaction() {
        Handle handle = new Handle();
        handle.transaction = database.current();
        return handle;
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return ((Handle) transaction).transaction != null;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        MemoryTransaction begun = new MemoryTransaction();
        ((Handle) transaction).transaction = begun;
        TransactionSynchronizationManager.bindResource(database, begun);
    }

    @Override
    protected Object doSuspend(Object transaction) {
        ((Handle) transaction).transaction = null;
        return TransactionSynchronizationManager.unbindResource(database);
    }

    @Override
    protected void doResume(@Nullable Object transaction, Object suspended) {
        TransactionSynchronizationManager.bindResource(database, suspended);
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        MemoryTransaction transaction = ((Handle) status.getTransaction()).running();
        try {
            database.reached(Point.BEFORE_COMMIT);
        } catch (RuntimeException | Error lost) {
            database.end(transaction, false);
            throw lost;
        }
        database.end(transaction, true);
        database.reached(Point.AFTER_COMMIT);
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        database.end(((Handle) status.getTransaction()).running(), false);
    }

    @Override
    protected void doSetRollbackOnly(DefaultTransactionStatus status) {
        ((Handle) status.getTransaction()).running().rollbackOnly();
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        TransactionSynchronizationManager.unbindResourceIfPossible(database);
    }
}
