package io.amends.runtime.retention;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.retention.SagaRetention.What;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes regularly, on a thread of its own. After each transaction it pauses for as long as that took, so that a backlog leaves
 * the database at least half of the time to others. Trouble is told once, and the next round tries again. Safe for use by many
 * threads.
 */
public final class RetentionRounds {

    private static final Logger log = LoggerFactory.getLogger(RetentionRounds.class);

    private final SagaRetention retention;
    private final Runnable first;
    private @Nullable Thread thread;
    private @Nullable CountDownLatch ending;

    /** @param first done once, before the first round; what it throws is told and keeps nothing from going on */
    public RetentionRounds(SagaRetention retention, Runnable first) {
        this.retention = retention;
        this.first = first;
    }

    /** Begins with a round at once; nothing if it has begun. */
    public synchronized void start(Duration interval) {
        if (thread == null) {
            CountDownLatch end = new CountDownLatch(1);
            Thread made = new Thread(() -> run(interval, end), "saga-retention");
            made.setDaemon(true);
            ending = end;
            thread = made;
            made.start();
        }
    }

    /** Ends after the transaction that is under way, which is interrupted if it takes longer than that. */
    public synchronized void stop(Duration limit) {
        Thread running = thread;
        if (running == null || ending == null) {
            return;
        }
        ending.countDown();
        try {
            running.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (running.isAlive()) {
            log.warn("The removal of old sagas did not end within {}", limit);
            running.interrupt();
        }
        thread = null;
    }

    private void run(Duration interval, CountDownLatch end) {
        try {
            first.run();
        } catch (RuntimeException | Error thrown) {
            log.warn("What the retention rests on could not be checked: {}", ErrorText.of(thrown));
        }
        boolean troubled = false;
        try {
            do {
                try {
                    round(end);
                    if (troubled) {
                        troubled = false;
                        log.info("The removal of old sagas goes on");
                    }
                } catch (RuntimeException | Error thrown) {
                    // An Error too: one round that lacked memory must not be the last.
                    retention.breakOff();
                    if (!troubled && end.getCount() > 0) {
                        troubled = true;
                        log.warn(
                                "Old sagas and commands stay for now, and the next round tries again: {}",
                                ErrorText.of(thrown));
                    }
                }
            } while (!end.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(CountDownLatch end) throws InterruptedException {
        Map<What, Long> before = counts();
        try {
            long begun = System.nanoTime();
            while (end.getCount() > 0 && retention.removeSome()) {
                if (end.await(System.nanoTime() - begun, TimeUnit.NANOSECONDS)) {
                    return;
                }
                begun = System.nanoTime();
            }
        } finally {
            tell(before);
        }
    }

    private Map<What, Long> counts() {
        Map<What, Long> counts = new EnumMap<>(What.class);
        for (What what : What.values()) {
            counts.put(what, retention.removed(what));
        }
        return counts;
    }

    private void tell(Map<What, Long> before) {
        List<String> parts = new ArrayList<>();
        counts().forEach((what, now) -> {
            long more = now - before.getOrDefault(what, 0L);
            if (more > 0) {
                parts.add(what.word() + " " + more);
            }
        });
        if (!parts.isEmpty()) {
            log.info("Removed what was kept for long enough: {}", String.join(", ", parts));
        }
    }
}
