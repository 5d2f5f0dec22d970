package io.amends.runtime.orchestrator;

import io.amends.runtime.failure.Infrastructure;
import io.amends.saga.Rejection;
import io.amends.saga.definition.LocalResult;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.StepAction;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaEvent;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs the application's own code inside the orchestrator's transaction, behind a savepoint: what it wrote is undone
 * when it throws or rejects, and the transaction of the other sagas in the batch goes on. Some errors count as thrown by
 * that code, as in the engine; passed on, they would end the consumer.
 */
final class LocalWork {

    private final TransactionTemplate nested;

    LocalWork(PlatformTransactionManager transactions) {
        this.nested = new TransactionTemplate(transactions);
        this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /** Runs a local step and says how it went. */
    SagaEvent run(String step, CommandKind kind, StepAction.Local action, RetryPolicy policy, Object data) {
        try {
            LocalResult result = behindSavepoint(status -> {
                LocalResult came = action.run().apply(data);
                if (came.reply() instanceof Rejection) {
                    status.setRollbackOnly();
                }
                return came;
            });
            return new SagaEvent.LocalStepRan(step, kind, result.data(), result.reply());
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            Infrastructure.rethrowIfAway(thrown);
            return new SagaEvent.LocalStepThrew(
                    step, kind, thrown.toString(), policy.permanent().test(thrown));
        }
    }

    /** Runs a hook; returns what it threw, null if nothing. */
    @Nullable
    Throwable runHook(Consumer<Object> hook, Object data) {
        try {
            behindSavepoint(status -> {
                hook.accept(data);
                return true;
            });
            return null;
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            Infrastructure.rethrowIfAway(thrown);
            return thrown;
        }
    }

    private <T> T behindSavepoint(Function<TransactionStatus, T> work) {
        AtomicReference<@Nullable TransactionStatus> begun = new AtomicReference<>();
        try {
            return nested.execute(status -> {
                begun.set(status);
                return work.apply(status);
            });
        } catch (TransactionSystemException refused) {
            // The code caught the failure of a statement and went on. PostgreSQL has aborted the transaction and does
            // not
            // release the savepoint, but it still stands.
            if (begun.get() instanceof AbstractTransactionStatus status && status.hasSavepoint()) {
                status.rollbackToHeldSavepoint();
            }
            throw refused;
        }
    }
}
