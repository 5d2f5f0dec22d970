package io.amends.runtime.participant;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.isolation.LockWait;
import io.amends.runtime.observation.LogFields;
import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.runtime.store.Redeliveries;
import io.amends.runtime.store.Redeliveries.Row;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.engine.Frames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Delivers again: commands whose handler threw, or that wait for a semantic lock or for a row that another transaction has
 * locked, each with the time of its next attempt by the database's clock. The barrier makes any order of delivery safe, so
 * nothing waits behind them. Safe for use by many threads and processes.
 */
public final class Redelivery {

    private static final Logger log = LoggerFactory.getLogger(Redelivery.class);
    private static final int CHUNK = 50;

    /** Why a command lies in the table that waits for a row; it tells such a command from the others. */
    private static final String ROW_LOCKED = "waits for a row lock that another transaction holds";

    private static final double SHORTEST_ROW_PAUSE_MILLIS = 500;

    private final Redeliveries waiting;
    private final String participant;
    private final RedeliverySettings settings;
    private final TransactionTemplate transaction;
    private final Delivery redeliver;
    private final BiConsumer<SagaMessage, Failure> giveUp;
    private final DoubleSupplier chance;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable ScheduledExecutorService worker;
    private boolean away;

    Redelivery(
            Redeliveries waiting,
            String participant,
            RedeliverySettings settings,
            TransactionTemplate transaction,
            Delivery redeliver,
            BiConsumer<SagaMessage, Failure> giveUp,
            DoubleSupplier chance) {
        this.waiting = waiting;
        this.participant = participant;
        this.settings = settings;
        this.transaction = transaction;
        this.redeliver = redeliver;
        this.giveUp = giveUp;
        this.chance = chance;
    }

    /** Carries a command out in the running transaction. */
    interface Delivery {

        /**
         * Whether the command is done with.
         *
         * @param decided what {@link RejectedInVainException} told
         */
        boolean deliver(SagaMessage message, Duration limit, Map<Barrier.Key, StoredReply> decided);
    }

    /**
     * What an attempt failed with.
     *
     * @param misunderstood the code of what is wrong with the command, null if its handler was called
     * @param error in words, which may quote the command
     * @param kind without them
     * @param frames where in the application's code, as {@link Frames} writes it; null if nowhere there
     * @param permanent whether another attempt is useless
     * @param rowLocked whether it was no attempt, since a row was locked
     */
    record Failure(
            @Nullable String misunderstood,
            String error,
            String kind,
            @Nullable String frames,
            boolean permanent,
            boolean rowLocked) {

        static Failure of(Throwable thrown) {
            boolean permanent = thrown instanceof HandlerException handler && handler.isPermanent();
            Throwable told =
                    thrown instanceof HandlerException && thrown.getCause() != null ? thrown.getCause() : thrown;
            // For development, where it is asked for: it may quote what a message held.
            log.trace("What a handler threw", told);
            return new Failure(
                    thrown instanceof MalformedMessageException malformed ? malformed.reasonCode() : null,
                    ErrorText.of(told),
                    told instanceof HandlerAnswerException ? String.valueOf(told.getMessage()) : ErrorText.kind(told),
                    Frames.of(told),
                    permanent,
                    !permanent && Infrastructure.lockNotFree(thrown));
        }
    }

    /** Begins looking for due commands, on a thread of its own. */
    public synchronized void start() {
        if (worker == null) {
            worker = Executors.newSingleThreadScheduledExecutor(
                    task -> new Thread(task, "saga-redelivery-" + participant));
            long interval = settings.pollInterval().toMillis();
            worker.scheduleWithFixedDelay(this::pollSafely, interval, interval, TimeUnit.MILLISECONDS);
        }
    }

    /** Looks for due commands now, if it was started and is not about to look anyway. Never waits for a stop. */
    void wake() {
        ScheduledExecutorService running = worker;
        if (running == null || !woken.compareAndSet(false, true)) {
            return;
        }
        try {
            running.execute(() -> {
                woken.set(false);
                pollSafely();
            });
        } catch (RejectedExecutionException stopping) {
            // What is due lies in the table; another process finds it, or this one after its next start.
            woken.set(false);
        }
    }

    /** Ends it, waiting for the attempt that is under way. */
    public synchronized void stop(Duration limit) {
        if (worker != null) {
            worker.shutdown();
            try {
                if (!worker.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.warn("Participant '{}': a handler was still running after {}", participant, limit);
                    worker.shutdownNow();
                }
            } catch (InterruptedException interrupted) {
                worker.shutdownNow();
                Thread.currentThread().interrupt();
            }
            worker = null;
        }
    }

    /** Keeps a command for another attempt, or gives it up if there is to be none. */
    void schedule(SagaMessage message, Throwable thrown) {
        Failure failure = Failure.of(thrown);
        if (failure.rowLocked()) {
            awaitRow(message);
            return;
        }
        if (failure.permanent() || settings.attempts() <= 1) {
            transaction.executeWithoutResult(status -> giveUp.accept(message, failure));
            return;
        }
        String error = failure.error();
        long wait = settings.waitMillis(1, chance);
        log.warn(
                "Participant '{}': attempt 1 of {} at step '{}' of saga {} threw; the next one in {} ms: {}; saga_inbox_redelivery has its words",
                participant,
                settings.attempts(),
                message.step(),
                message.sagaId(),
                wait,
                failure.kind());
        // A transaction, because a pool may hand out connections that do not commit by themselves.
        transaction.executeWithoutResult(status -> waiting.add(message, error, wait));
    }

    private void awaitRow(SagaMessage message) {
        boolean isNew = Boolean.TRUE.equals(
                transaction.execute(status -> waiting.awaitRow(message, ROW_LOCKED, rowPauseMillis())));
        if (isNew) {
            warnOfLockedRow(message);
        }
    }

    private void warnOfLockedRow(SagaMessage message) {
        log.warn(
                "Participant '{}': step '{}' of saga {} waits for a row that another transaction has locked. It is tried again"
                        + " about every second until the row is free, which uses up no attempt; other commands flow on. Find who"
                        + " holds the lock in pg_prepared_xacts and, by the oldest xact_start, in pg_stat_activity (see 'Rows"
                        + " that others have locked' in docs/isolation.md)",
                participant,
                message.step(),
                message.sagaId());
    }

    private long rowPauseMillis() {
        return (long) (SHORTEST_ROW_PAUSE_MILLIS * (1 + 2 * chance.getAsDouble()));
    }

    /** Keeps commands until their semantic locks are free, in the running transaction; none of this is an attempt. */
    void awaitLocks(List<SagaMessage> messages, Map<Barrier.Key, LockWait> waits) {
        wakeAfterCommit(waiting.awaitLocks(messages, waits));
    }

    /** Delivers commands soon that need not wait any longer, since their compensation came; they may not be here. */
    void hasten(List<Barrier.Key> keys) {
        if (!keys.isEmpty()) {
            waiting.hasten(keys);
        }
    }

    private void wakeAfterCommit(int due) {
        if (due > 0) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    wake();
                }
            });
        }
    }

    private void pollSafely() {
        try {
            poll();
            if (away) {
                away = false;
                log.info("Participant '{}': redelivery resumed", participant);
            }
        } catch (RuntimeException thrown) {
            // The next poll tries again; saying so once is enough.
            if (!away) {
                away = true;
                log.warn("Participant '{}': redelivery waits for the database: {}", participant, ErrorText.of(thrown));
            }
        }
    }

    /**
     * Delivers what is due now; for tests and tools that do not want to wait.
     *
     * @return how many commands were due
     */
    public int poll() {
        List<Long> due = transaction.execute(status -> waiting.due(CHUNK));
        Patience patience = new Patience(settings.lockTimeout());
        due.forEach(id -> attempt(id, patience));
        return due.size();
    }

    private void attempt(long id, Patience patience) {
        try {
            try {
                attempt(id, patience, Map.of());
            } catch (RejectedInVainException undone) {
                attempt(id, patience, undone.rejections());
            }
        } catch (RuntimeException thrown) {
            // A lost race counts: who always loses would be the first again at every poll, and the rest would starve.
            Infrastructure.rethrowIfUnreachable(thrown);
            Failure failure = Failure.of(thrown);
            if (failure.rowLocked()) {
                patience.waitedInVain();
            }
            transaction.executeWithoutResult(status -> waiting.lock(id).ifPresent(row -> postpone(row, failure)));
        }
    }

    private void attempt(long id, Patience patience, Map<Barrier.Key, StoredReply> decided) {
        transaction.executeWithoutResult(status -> waiting.lock(id).ifPresent(row -> {
            Duration limit = row.error().equals(ROW_LOCKED) ? patience.shortLimit() : patience.limit();
            if (redeliver.deliver(SagaMessage.command(row.record()), limit, decided)) {
                delete(id);
            }
        }));
    }

    private void postpone(Row row, Failure failure) {
        SagaMessage message = SagaMessage.command(row.record());
        LogFields fields = LogFields.of(message, participant);
        try {
            postpone(row, message, failure);
        } finally {
            fields.clear();
        }
    }

    private void postpone(Row row, SagaMessage message, Failure failure) {
        if (failure.rowLocked()) {
            if (!row.error().equals(ROW_LOCKED)) {
                warnOfLockedRow(message);
            }
            waiting.postpone(row.id(), row.attempts(), ROW_LOCKED, rowPauseMillis());
            return;
        }
        String error = failure.error();
        int attempts = row.attempts() + 1;
        if (failure.permanent() || attempts >= settings.attempts()) {
            giveUp.accept(message, failure);
            delete(row.id());
            return;
        }
        long wait = settings.waitMillis(attempts, chance);
        log.warn(
                "Participant '{}': attempt {} of {} at step '{}' of saga {} threw; the next one in {} ms: {}; saga_inbox_redelivery has its words",
                participant,
                attempts,
                settings.attempts(),
                message.step(),
                message.sagaId(),
                wait,
                failure.kind());
        waiting.postpone(row.id(), attempts, error, wait);
    }

    private void delete(long id) {
        wakeAfterCommit(waiting.delete(id));
    }
}
