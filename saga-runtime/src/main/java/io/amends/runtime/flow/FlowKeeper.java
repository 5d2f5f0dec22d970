package io.amends.runtime.flow;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.flow.FlowControl.Admission;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the flow control look regularly, on a thread of its own. Every process does. Safe for use by many threads. */
public final class FlowKeeper {

    private static final Logger log = LoggerFactory.getLogger(FlowKeeper.class);
    /** So that many answers in a row are used together. */
    private static final Duration GATHERING = Duration.ofMillis(10);

    private final FlowControl control;
    private final Admission admission;
    private @Nullable Thread thread;
    private @Nullable CountDownLatch ending;
    private boolean away;

    /**
     * @param control looks
     * @param admission lets sagas go on; {@link Admission#NONE} in a process that moves none on
     */
    public FlowKeeper(FlowControl control, Admission admission) {
        this.control = control;
        this.admission = admission;
    }

    /** Begins looking, that often. */
    public synchronized void start(Duration interval) {
        if (thread == null) {
            CountDownLatch end = new CountDownLatch(1);
            Thread made = new Thread(() -> run(interval, end), "saga-flow");
            ending = end;
            thread = made;
            made.start();
        }
    }

    /** Ends after the look that is under way, waiting at most that long. */
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
            log.warn("The flow control did not end within {}", limit);
            running.interrupt();
        }
        thread = null;
    }

    private void run(Duration interval, CountDownLatch end) {
        try {
            do {
                lookSafely();
                long next = System.nanoTime() + interval.toNanos();
                while (next - System.nanoTime() > 0 && !end.await(GATHERING.toMillis(), TimeUnit.MILLISECONDS)) {
                    // In short waits, so that an end is noticed soon.
                    long left = Math.min(next - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(100));
                    useRoomSafely(Duration.ofNanos(left));
                }
            } while (end.getCount() > 0);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookSafely() {
        try {
            control.look(admission);
            if (away) {
                away = false;
                log.info("The flow control resumed");
            }
        } catch (RuntimeException thrown) {
            tell(thrown);
        }
    }

    private void useRoomSafely(Duration within) throws InterruptedException {
        try {
            control.useRoom(within, admission);
        } catch (RuntimeException thrown) {
            tell(thrown);
        }
    }

    /** The next look tries again; saying so once is enough. */
    private void tell(RuntimeException thrown) {
        if (!away) {
            away = true;
            log.warn(
                    "The flow control goes by what it read last, and waits for the database: {}", ErrorText.of(thrown));
        }
    }
}
