package io.amends.runtime.orchestrator;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.observation.LogFields;
import io.amends.saga.Rejection;
import io.amends.saga.definition.Hooks;
import io.amends.saga.definition.LocalResult;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.StepAction;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Frames;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import java.util.Optional;
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

    /**
     * Runs a local step and says how it went.
     *
     * @param trouble why the instance can't take what the step answered, empty if it can; what the step wrote is then
     *     undone, as if it had thrown
     */
    SagaEvent run(
            String step,
            CommandKind kind,
            StepAction.Local action,
            RetryPolicy policy,
            Object data,
            Function<SagaEvent.LocalStepRan, Optional<String>> trouble) {
        LogFields fields = LogFields.of(step, kind);
        try {
            return behindSavepoint(status -> {
                LocalResult came = action.run().apply(data);
                SagaEvent went = SagaEvent.localStep(step, kind, came);
                if (!(went instanceof SagaEvent.LocalStepRan ran) || ran.reply() instanceof Rejection) {
                    status.setRollbackOnly();
                    return went;
                }
                Optional<String> whyNot = trouble.apply(ran);
                if (whyNot.isPresent()) {
                    status.setRollbackOnly();
                    return new SagaEvent.LocalStepThrew(step, kind, whyNot.get(), false);
                }
                return ran;
            });
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            Infrastructure.rethrowIfAway(thrown);
            return new SagaEvent.LocalStepThrew(
                    step, kind, ErrorText.of(thrown), policy.permanent().test(thrown), Frames.of(thrown));
        } finally {
            fields.clear();
        }
    }

    /** Runs the hook of that phase, if there is one; returns what it threw, null if nothing. */
    @Nullable
    Throwable runHook(Hooks hooks, SagaPhase phase, Object data) {
        Consumer<Object> hook = switch (phase) {
            case COMPLETED -> hooks.onCompleted();
            case COMPENSATED -> hooks.onCompensated();
            case COMPENSATING -> hooks.onCompensating();
            case STUCK -> hooks.onStuck();
            case RUNNING -> null;
        };
        if (hook == null) {
            return null;
        }
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
            // not release the savepoint, but it still stands.
            if (begun.get() instanceof AbstractTransactionStatus status && status.hasSavepoint()) {
                status.rollbackToHeldSavepoint();
            }
            throw refused;
        }
    }
}
