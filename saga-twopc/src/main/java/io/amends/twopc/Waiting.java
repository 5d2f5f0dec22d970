package io.amends.twopc;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits in a thread that somebody may interrupt, while an answer is worth more than to end at once: pools give no connection
 * to a thread that is interrupted. The interrupt is kept for the caller.
 */
final class Waiting implements AutoCloseable {

    private boolean interrupted = Thread.interrupted();

    void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
        interrupted |= Thread.interrupted();
    }

    /** Whether it came to zero in that time. */
    boolean await(CountDownLatch latch, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            try {
                return latch.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
    }

    @Override
    public void close() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
