package io.amends.outbox.relay;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells one waiting thread that there is something new. What is told while nobody waits counts for the next wait, once.
 * Telling is for any thread, waiting for one.
 */
final class News {

    /** Ends a wait, so that the thread looks why. */
    private final Semaphore signals = new Semaphore(0);

    private volatile boolean told;

    /** There is something new. */
    void tell() {
        told = true;
        signal();
    }

    /** What a wait of {@link #comeWhile} is about may be over. */
    void signal() {
        if (signals.availablePermits() == 0) {
            signals.release();
        }
    }

    /** Whether there was something new within that time. */
    boolean comeWithin(Duration limit) throws InterruptedException {
        return comeWhile(() -> true, limit);
    }

    /** Whether there was something new while that held, and within that time; looks again at each {@link #signal}. */
    boolean comeWhile(BooleanSupplier holds, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (!told) {
            if (!holds.getAsBoolean() || !signals.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        told = false;
        return true;
    }
}
