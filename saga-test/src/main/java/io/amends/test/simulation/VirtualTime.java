package io.amends.test.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Time that passes only when it is told to. Used by one thread. */
final class VirtualTime implements InstantSource {

    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** The clock of a machine that is so far off. */
    LongSupplier millisOff(Duration skew) {
        return () -> now.plus(skew).toEpochMilli();
    }
}
