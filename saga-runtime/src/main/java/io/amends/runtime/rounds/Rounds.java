package io.amends.runtime.rounds;

import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
    private final Runnable last;

    private @Nullable Thread running;
    private @Nullable CountDownLatch ending;

    /** A round of it. */
    @FunctionalInterface
    public interface Work {

        /**
         * Does one round.
         *
         * @return in how long the next one is due, {@link Duration#ZERO} if there is more to do at once
         */
        Duration round(Turn turn) throws InterruptedException;

        /** Work that tells only whether there is more to do at once. */
        static Work whileMore(BooleanSupplier some) {
            return turn -> some.getAsBoolean() ? Duration.ZERO : turn.interval();
        }

        /** Work of which nothing is ever left. */
        static Work of(Runnable all) {
            return turn -> {
                all.run();
                return turn.interval();
            };
        }
    }

    /** What a round may ask of the rounds that it is one of. For use by the round's thread. */
    public static final class Turn {

        private final Duration interval;
        private final CountDownLatch end;

        private Turn(Duration interval, CountDownLatch end) {
            this.interval = interval;
            this.end = end;
        }

        /** How long it usually is until the next round. */
        public Duration interval() {
            return interval;
        }

        /** Whether somebody waits for the end of this round. */
        public boolean isEnding() {
            return end.getCount() == 0;
        }

        /** Waits for that long, or until somebody wants this round to end; whether somebody does. */
        public boolean pause(Duration pause) throws InterruptedException {
            return end.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * @param thread the thread's name
     * @param what what the log calls it, such as "The watch over stuck sagas"
     * @param work a round of it
     */
    public Rounds(String thread, String what, Work work) {
        this(thread, what, work, () -> {});
    }

    /** @param last done once, after the last round, unless that was in trouble: a stop must not wait for the same trouble again */
    public Rounds(String thread, String what, Work work, Runnable last) {
        this.thread = thread;
        this.what = what;
        this.work = work;
        this.last = last;
    }

    /** Begins with a round at once; nothing if it has begun. */
    public synchronized void start(Duration interval) {
        if (running == null) {
            CountDownLatch end = new CountDownLatch(1);
            Thread made = new Thread(() -> run(new Turn(interval, end)), thread);
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

    private void run(Turn turn) {
        boolean troubled = false;
        try {
            Duration next;
            do {
                next = turn.interval();
                try {
                    next = work.round(turn);
                    if (troubled) {
                        troubled = false;
                        log.info("{} goes on", what);
                    }
                } catch (RuntimeException | Error thrown) {
                    // An Error too: one round that lacked memory must not be the last.
                    if (!troubled && !turn.isEnding()) {
                        log.warn("{} waits and tries again: {}", what, ErrorText.of(thrown));
                    }
                    troubled = true;
                }
            } while (!turn.pause(next));
            if (!troubled) {
                end();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        try {
            last.run();
        } catch (RuntimeException thrown) {
            log.warn("{} did not end as it should: {}", what, ErrorText.of(thrown));
        }
    }
}
