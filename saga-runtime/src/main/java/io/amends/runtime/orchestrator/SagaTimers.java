package io.amends.runtime.orchestrator;

import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks regularly for instances that something is due for. Every process of a service may do so; row locks share the
 * work. Safe for use by many threads.
 */
public final class SagaTimers {

    private static final Logger log = LoggerFactory.getLogger(SagaTimers.class);
    private static final int CHUNK = 100;

    private final TimerProcessor processor;
    private final Runnable waiting;
    private volatile @Nullable Thread thread;
    private volatile @Nullable CountDownLatch ending;
    private boolean away;

    /**
     * @param processor moves on what is due
     * @param waiting takes replies that waited for a version that this process has
     */
    SagaTimers(TimerProcessor processor, Runnable waiting) {
        this.processor = processor;
        this.waiting = waiting;
    }

    /** Begins looking, that often, on a thread of its own. */
    public synchronized void start(Duration interval) {
        if (thread == null) {
            CountDownLatch end = new CountDownLatch(1);
            Thread made = new Thread(() -> run(interval, end), "saga-timers");
            ending = end;
            made.start();
            thread = made;
        }
    }

    /** Ends after the chunk that is under way, waiting at most that long. */
    public synchronized void stop(Duration limit) {
        Thread running = thread;
        CountDownLatch end = ending;
        if (running == null || end == null) {
            return;
        }
        end.countDown();
        try {
            running.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (running.isAlive()) {
            log.warn("The saga timers did not end within {}", limit);
            running.interrupt();
        }
        thread = null;
    }

    /** Whether it looks as it should; not if an error ended its thread, which nobody asked for. Waits for no stop. */
    public boolean isWell() {
        Thread running = thread;
        CountDownLatch end = ending;
        return running == null || running.isAlive() || (end != null && end.getCount() == 0);
    }

    /** Whether it looks. */
    public synchronized boolean isRunning() {
        return thread != null;
    }

    private void run(Duration interval, CountDownLatch end) {
        try {
            while (!end.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                lookSafely(end);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookSafely(CountDownLatch end) {
        try {
            waiting.run();
            while (end.getCount() > 0 && processor.process(CHUNK) == CHUNK) {
                // a full chunk: there may be more
            }
            if (away) {
                away = false;
                log.info("The saga timers resumed");
            }
        } catch (RuntimeException thrown) {
            // The next look tries again; saying so once is enough.
            if (!away) {
                away = true;
                log.warn("The saga timers wait for the database: {}", ErrorText.of(thrown));
            }
        }
    }

    /**
     * Moves on everything that is due now; for tests and tools that do not want to wait.
     *
     * @return how many instances were due
     */
    public int look() {
        waiting.run();
        int all = 0;
        int some;
        do {
            some = processor.process(CHUNK);
            all += some;
        } while (some == CHUNK);
        return all;
    }
}
