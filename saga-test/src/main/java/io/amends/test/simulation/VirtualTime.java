package io.amends.test.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Time that passes only when a {@link Simulation} is told to. May be read by any thread. */
public final class VirtualTime implements InstantSource {

    private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

    private volatile Instant now = BEGINNING;

    @Override
    public Instant instant() {
        return now;
    }

    /** Begins again, for the next simulation. */
    public void restart() {
        now = BEGINNING;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** The clock of a machine that is so far off. */
    LongSupplier millisOff(Duration skew) {
        return () -> now.plus(skew).toEpochMilli();
    }
}
