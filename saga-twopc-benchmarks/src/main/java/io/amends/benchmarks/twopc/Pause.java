package io.amends.benchmarks.twopc;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for time to pass, which is what a measurement over time does. */
final class Pause {

    private Pause() {}

    static void of(Duration duration) {
        until(System.nanoTime() + duration.toNanos());
    }

    /** Until that moment of {@link System#nanoTime}. */
    static void until(long end) {
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
