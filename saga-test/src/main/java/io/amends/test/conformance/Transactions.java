package io.amends.test.conformance;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs a test's work in transactions, two at once where it must be. Every wait has a limit. */
final class Transactions {

    /** Long enough for a slow machine; reached only by what fails. */
    private static final long LIMIT_SECONDS = 30;

    /** How long somebody who must wait is watched not to go on. */
    private static final long WATCH_MILLIS = 150;

    private final TransactionTemplate required;
    private final TransactionTemplate nested;
    private final TransactionTemplate own;

    Transactions(PlatformTransactionManager manager) {
        required = new TransactionTemplate(manager);
        nested = with(manager, TransactionDefinition.PROPAGATION_NESTED);
        own = with(manager, TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    private static TransactionTemplate with(PlatformTransactionManager manager, int propagation) {
        TransactionTemplate template = new TransactionTemplate(manager);
        template.setPropagationBehavior(propagation);
        return template;
    }

    /** In the running transaction, or else in one. */
    <T> T get(Supplier<T> work) {
        return required.execute(status -> work.get());
    }

    /** Likewise. */
    void run(Runnable work) {
        required.executeWithoutResult(status -> work.run());
    }

    /** In a transaction that is rolled back. */
    void undone(Runnable work) {
        required.executeWithoutResult(status -> {
            work.run();
            status.setRollbackOnly();
        });
    }

    /** Likewise, with a result. */
    <T> T undone(Supplier<T> work) {
        return required.execute(status -> {
            T result = work.get();
            status.setRollbackOnly();
            return result;
        });
    }

    /** Within the running transaction, between a savepoint and the return to it. */
    void undoneToSavepoint(Runnable work) {
        nested.executeWithoutResult(status -> {
            work.run();
            status.setRollbackOnly();
        });
    }

    /** Within the running transaction, behind a savepoint that is let go. */
    void behindSavepoint(Runnable work) {
        nested.executeWithoutResult(status -> work.run());
    }

    /** While the running transaction is suspended, in another one. */
    void between(Runnable work) {
        own.executeWithoutResult(status -> work.run());
    }

    /** In a transaction of another thread, at the same time. */
    <T> CompletableFuture<T> elsewhere(Supplier<T> work) {
        return CompletableFuture.supplyAsync(() -> get(work), task -> new Thread(task, "elsewhere").start());
    }

    /** What the other one came to; fails where it does not end. */
    static <T extends @Nullable Object> T outcome(CompletableFuture<T> other) {
        try {
            return other.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException thrown) {
            if (thrown.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("The other transaction failed", thrown.getCause());
        } catch (TimeoutException never) {
            throw new AssertionError(
                    "The other transaction waits, and has not ended within %d seconds".formatted(LIMIT_SECONDS), never);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while the other transaction ran", interrupted);
        }
    }

    /** The other one must wait for the running transaction: it does not end while that is open. */
    static void waits(CompletableFuture<?> other) {
        assertThatExceptionOfType(TimeoutException.class)
                .as("the other transaction waits for this one")
                .isThrownBy(() -> other.get(WATCH_MILLIS, TimeUnit.MILLISECONDS));
    }
}
