package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import io.amends.spring.boot.autoconfigure.outbox.WrongTransactionManagerException;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Before commands and replies are read: the transactions that handlers, local steps and hooks run in have savepoints. One is
 * made, since no transaction manager says beforehand whether it can; without, commands would be delivered again for ever.
 */
final class SavepointCheck extends StartupTask {

    private final PlatformTransactionManager transactions;
    private final boolean needed;

    /** @param needed whether there is a saga or a participant; outbox and inbox have no use for savepoints */
    SavepointCheck(PlatformTransactionManager transactions, boolean needed) {
        super(StartupPhases.CONNECTIVITY);
        this.transactions = transactions;
        this.needed = needed;
    }

    /** @throws WrongTransactionManagerException if there are none */
    @Override
    protected void run() {
        if (!needed) {
            return;
        }
        TransactionTemplate nested = new TransactionTemplate(transactions);
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        try {
            new TransactionTemplate(transactions)
                    .executeWithoutResult(outer -> nested.executeWithoutResult(inner -> {}));
        } catch (NestedTransactionNotSupportedException refused) {
            throw new WrongTransactionManagerException(
                    "Sagas need savepoints, by which what a handler wrote before it rejected is undone alone, and the transaction manager of their database, a %s, makes none (%s)."
                            .formatted(transactions.getClass().getSimpleName(), refused.getMessage()),
                    "Let a JdbcTransactionManager, or a JpaTransactionManager with Hibernate, manage a DataSource that is not XA, leave its nestedTransactionAllowed as it is, and annotate both with @SagaDataSource if other transactions stay JTA's.",
                    refused);
        }
    }
}
