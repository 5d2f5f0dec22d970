package io.amends.spring.boot.autoconfigure;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The machine's clock. The starters read it here and nowhere else, and hand it on: tests hand other clocks. */
public final class WallClock {

    /** Milliseconds since 1970. */
    public static final LongSupplier MILLIS = System::currentTimeMillis;

    /** The same as moments. */
    public static final InstantSource MOMENTS = InstantSource.system();

    private WallClock() {}
}
