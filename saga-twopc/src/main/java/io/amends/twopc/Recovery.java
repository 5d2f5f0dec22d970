package io.amends.twopc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a coordinator does in the background, on a thread of its own: recovery at the start, periodically and when something
 * is left, the notes that commits are carried out, and the end of old decisions. Safe for use by many threads.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private static final long NOTES_EVERY_MILLIS = 1000;
    private static final long FORGET_EVERY_MINUTES = 10;

    /** More than these are dropped; recovery finds out by itself that they are done. */
    private static final int MOST_NOTES = 10_000;

    private final RecoveryRound round;
    private final DecisionLog decisions;
    private final TwoPhaseSettings settings;
    private final BlockingQueue<TransactionId> done = new ArrayBlockingQueue<>(MOST_NOTES);
    private final AtomicBoolean woken = new AtomicBoolean();

    /** A round of this process waits for the one before; whoever wakes it must not. */
    private final Object rounds = new Object();

    private @Nullable ScheduledExecutorService thread;

    Recovery(RecoveryRound round, DecisionLog decisions, TwoPhaseSettings settings) {
        this.round = round;
        this.decisions = decisions;
        this.settings = settings;
    }

    synchronized void start() {
        if (thread != null) {
            return;
        }
        ScheduledExecutorService made = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread one = new Thread(task, "saga-twopc-recovery");
            one.setDaemon(true);
            return one;
        });
        long every = settings.recoverEvery().toMillis();
        made.scheduleWithFixedDelay(this::recoverSafely, 0, every, TimeUnit.MILLISECONDS);
        made.scheduleWithFixedDelay(this::flush, NOTES_EVERY_MILLIS, NOTES_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        made.scheduleWithFixedDelay(this::forget, FORGET_EVERY_MINUTES, FORGET_EVERY_MINUTES, TimeUnit.MINUTES);
        thread = made;
    }

    /** Ends it after the call that is under way, which has limits. */
    void stop() {
        ScheduledExecutorService ending;
        synchronized (this) {
            ending = thread;
            thread = null;
        }
        if (ending != null) {
            ending.shutdown();
            try {
                long limit = settings.commitTimeout()
                        .plus(settings.decisionTimeout())
                        .toMillis();
                if (!ending.awaitTermination(limit, TimeUnit.MILLISECONDS)) {
                    ending.shutdownNow();
                }
            } catch (InterruptedException interrupted) {
                ending.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        flush();
    }

    /** Something is left: looks soon, without waiting for the next time. */
    synchronized void wake() {
        if (thread != null && woken.compareAndSet(false, true)) {
            try {
                thread.execute(this::recoverSafely);
            } catch (RejectedExecutionException ending) {
                log.debug("Recovery ends; what is left is found at the next start", ending);
            }
        }
    }

    /** That transaction's branches are all committed. */
    void done(TransactionId transaction) {
        if (!done.offer(transaction)) {
            log.debug("Transaction {} is not noted as done now; recovery finds it out", transaction);
        }
    }

    /** Looks now, in the caller's thread. */
    void recover() {
        synchronized (rounds) {
            woken.set(false);
            round.run();
        }
    }

    /** What the last round has left in doubt. */
    InDoubtFigures left() {
        return round.left();
    }

    private void recoverSafely() {
        try {
            recover();
        } catch (RuntimeException unexpected) {
            // Thrown on, it would end all later rounds, and nobody would hear of it.
            log.error("Recovery met what it does not expect; it tries again", unexpected);
        }
    }

    /** One statement for all that are waiting. */
    void flush() {
        List<TransactionId> some = new ArrayList<>();
        done.drainTo(some);
        if (some.isEmpty()) {
            return;
        }
        try {
            decisions.done(some, settings.decisionTimeout());
        } catch (RuntimeException away) {
            log.debug("{} transactions are not noted as done now; recovery finds it out", some.size(), away);
        }
    }

    private void forget() {
        try {
            decisions.forget(settings.retention(), settings.commitTimeout());
        } catch (RuntimeException away) {
            log.warn("Old decisions were not deleted; it is tried again: {}", away.getMessage());
        }
    }
}
