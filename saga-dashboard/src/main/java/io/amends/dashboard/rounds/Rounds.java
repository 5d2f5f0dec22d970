package io.amends.dashboard.rounds;

import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does some work again and again, on a thread of its own, until it is stopped. What a round throws is told once, and the next
 * round tries again. May be started again after a stop. Safe for use by many threads.
 */
public final class Rounds {

    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final String thread;
    private final String what;
    private final Work work;

    private @Nullable Thread running;
    private @Nullable CountDownLatch ending;

    /** A round of it. */
    @FunctionalInterface
    public interface Work {

        /** Does one round; whether there is more to do at once. */
        boolean round();
    }

    /**
     * @param thread the thread's name
     * @param what what the log calls it, such as "The watch over stuck sagas"
     * @param work a round of it
     */
    public Rounds(String thread, String what, Work work) {
        this.thread = thread;
        this.what = what;
        this.work = work;
    }

    /** Begins with a round at once; nothing if it has begun. */
    public synchronized void start(Duration interval) {
        if (running == null) {
            CountDownLatch end = new CountDownLatch(1);
            Thread made = new Thread(() -> run(interval, end), thread);
            made.setDaemon(true);
            ending = end;
            running = made;
            made.start();
        }
    }

    /** Ends after the round that is under way, which is interrupted if it takes longer than that. */
    public synchronized void stop(Duration limit) {
        Thread made = running;
        if (made == null || ending == null) {
            return;
        }
        ending.countDown();
        try {
            made.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (made.isAlive()) {
            log.warn("{} did not end within {}", what, limit);
            made.interrupt();
        }
        running = null;
    }

    private void run(Duration interval, CountDownLatch end) {
        boolean troubled = false;
        try {
            do {
                try {
                    while (end.getCount() > 0 && work.round()) {
                        // there is more
                    }
                    if (troubled) {
                        troubled = false;
                        log.info("{} goes on", what);
                    }
                } catch (RuntimeException | Error thrown) {
                    // An Error too: one round that lacked memory must not be the last.
                    if (!troubled && end.getCount() > 0) {
                        troubled = true;
                        log.warn("{} waits and tries again: {}", what, ErrorText.of(thrown));
                    }
                }
            } while (!end.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
