package io.amends.outbox.relay;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long to wait.
 *
 * @param deadline the monotonic time in nanoseconds at which waiting ends
 * @param mayWait asked now and then; false ends waiting at once
 */
record Patience(long deadline, BooleanSupplier mayWait) {

    static Patience of(Duration limit, BooleanSupplier mayWait) {
        return new Patience(System.nanoTime() + limit.toNanos(), mayWait);
    }

    boolean isLate() {
        return System.nanoTime() - deadline > 0;
    }

    boolean isOver() {
        return isLate() || !mayWait.getAsBoolean();
    }
}
