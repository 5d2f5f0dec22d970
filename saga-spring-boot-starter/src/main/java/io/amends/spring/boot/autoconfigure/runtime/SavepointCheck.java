package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.saga.definition.Hooks;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import io.amends.spring.boot.autoconfigure.outbox.WrongTransactionManagerException;
import java.util.Collection;
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

    /**
     * @param sagas those that this process knows
     * @param handlesCommands whether it handles participants' commands
     */
    SavepointCheck(PlatformTransactionManager transactions, Collection<SagaDefinition> sagas, boolean handlesCommands) {
        super(StartupPhases.CONNECTIVITY);
        this.transactions = transactions;
        this.needed = handlesCommands || sagas.stream().anyMatch(SavepointCheck::hasCode);
    }

    /** Whoever starts a saga or gives it a signal runs what is local, even where the orchestrator is another process. */
    private static boolean hasCode(SagaDefinition saga) {
        return !saga.hooks().equals(Hooks.NONE)
                || saga.steps().stream()
                        .anyMatch(step -> step.action() instanceof StepAction.Local
                                || step.compensation() instanceof StepAction.Local);
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
