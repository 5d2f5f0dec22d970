package io.amends.outbox.inbox;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.outbox.inbox.ParkedStore.Head;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tries again what a consumer has set aside: the first record of a key at its time, by the database's clock, and once it
 * went well the others of the key, in order. Safe for use by many threads and processes.
 */
public final class ParkedRetries {

    private static final Logger log = LoggerFactory.getLogger(ParkedRetries.class);
    private static final int KEYS_OF_A_LOOK = 50;
    private static final int RECORDS_OF_A_KEY = 200;

    private final String name;
    private final ParkedStore parked;
    private final Inbox inbox;
    private final TransactionTemplate transaction;
    private final Consumer<ReceivedMessage> handler;
    private final RetrySettings settings;
    private final DoubleSupplier chance;
    private final InboxCounts counts;
    private @Nullable ScheduledExecutorService worker;
    private boolean away;

    ParkedRetries(
            String name,
            ParkedStore parked,
            Inbox inbox,
            TransactionTemplate transaction,
            Consumer<ReceivedMessage> handler,
            RetrySettings settings,
            DoubleSupplier chance,
            InboxCounts counts) {
        this.name = name;
        this.parked = parked;
        this.inbox = inbox;
        this.transaction = transaction;
        this.handler = handler;
        this.settings = settings;
        this.chance = chance;
        this.counts = counts;
    }

    private enum Step {
        TAKEN,
        EMPTY,
        NOT_OURS
    }

    /** Begins looking for due keys that often, on a thread of its own. */
    public synchronized void start(Duration interval) {
        if (worker == null) {
            worker = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "saga-inbox-" + name));
            worker.scheduleWithFixedDelay(
                    this::lookSafely, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ends it, waiting at most that long for the attempt that is under way. */
    public synchronized void stop(Duration limit) {
        if (worker == null) {
            return;
        }
        worker.shutdown();
        try {
            if (!worker.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("Consumer '{}': a handler was still running after {}", name, limit);
                worker.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
        worker = null;
    }

    private void lookSafely() {
        try {
            look();
            if (away) {
                away = false;
                log.info("Consumer '{}': attempts resumed", name);
            }
        } catch (RuntimeException thrown) {
            // The next look tries again; saying so once is enough.
            if (!away) {
                away = true;
                log.warn("Consumer '{}': attempts wait for the database: {}", name, ErrorText.of(thrown));
            }
        }
    }

    /**
     * Tries what is due now; for tests and tools that do not want to wait.
     *
     * @return how many keys were due
     */
    public int look() {
        List<Long> due = transaction.execute(status -> parked.due(KEYS_OF_A_LOOK));
        due.forEach(this::drain);
        return due.size();
    }

    /** A key with more records than one turn takes stays due, so that it keeps no other waiting. */
    private void drain(long keyId) {
        for (int taken = 0; taken < RECORDS_OF_A_KEY && !Thread.currentThread().isInterrupted(); taken++) {
            Head[] tried = new Head[1];
            try {
                Step step = transaction.execute(status -> attempt(keyId, tried));
                if (step == Step.EMPTY) {
                    transaction.executeWithoutResult(status -> parked.release(keyId));
                }
                if (step != Step.TAKEN) {
                    return;
                }
            } catch (RuntimeException thrown) {
                Infrastructure.rethrowIfUnreachable(thrown);
                if (tried[0] != null) {
                    postpone(keyId, tried[0], HandlerException.told(thrown));
                }
                return;
            }
            if (tried[0] != null) {
                counts.handled.increment();
            } else {
                counts.duplicates.increment();
            }
        }
    }

    private Step attempt(long keyId, Head[] tried) {
        if (!parked.lockDue(keyId)) {
            return Step.NOT_OURS;
        }
        Head head = parked.head(keyId).orElse(null);
        if (head == null) {
            return Step.EMPTY;
        }
        ReceivedMessage message = head.message();
        if (!message.identified() || !inbox.claim(name, List.of(message.id())).isEmpty()) {
            tried[0] = head;
            handler.accept(message);
        }
        parked.delete(head.id());
        return Step.TAKEN;
    }

    private void postpone(long keyId, Head tried, Throwable told) {
        int attempts = tried.attempts() + 1;
        Long wait = told instanceof UnprocessableMessageException || attempts >= settings.attempts()
                ? null
                : (Long) settings.waitMillis(attempts, chance);
        String reason = ErrorText.of(told);
        transaction.executeWithoutResult(status -> {
            // Another process may have got hold of it in between; then this attempt is forgotten.
            if (parked.lockDue(keyId)
                    && parked.head(keyId)
                            .filter(head -> head.id() == tried.id())
                            .isPresent()) {
                parked.postpone(keyId, tried.id(), reason, wait);
            }
        });
        if (tried.attempts() > 0) {
            counts.retried.increment();
        }
        if (wait == null) {
            counts.parked.increment();
            log.error(
                    "Consumer '{}': {} is parked with its key after {} attempts: {}; saga_inbox_parked has its words",
                    name,
                    tried.message().place(),
                    attempts,
                    ErrorText.kind(told));
        } else {
            log.warn(
                    "Consumer '{}': attempt {} of {} at {} threw; the next one in {} ms: {}; saga_inbox_parked has its words",
                    name,
                    attempts,
                    settings.attempts(),
                    tried.message().place(),
                    wait,
                    ErrorText.kind(told));
        }
    }
}
