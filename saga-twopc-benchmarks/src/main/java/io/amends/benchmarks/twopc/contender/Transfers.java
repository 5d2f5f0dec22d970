package io.amends.benchmarks.twopc.contender;

import java.util.UUID;
import java.util.function.BiConsumer;

/** A contender at work. Safe for use by many threads. */
interface Transfers extends AutoCloseable {

    /** How a transfer ended. */
    enum End {
        /** The money moved at both banks. */
        COMPLETED,
        /** Nothing happened. */
        REFUSED,
        /** Nobody can tell for now. */
        UNKNOWN
    }

    /** Hears of transfers that have ended; set before the first begins. */
    void whenEnded(BiConsumer<UUID, End> ended);

    /** Begins a transfer; it may end before or after this returns. */
    void begin(Transfer transfer);

    /** Whether what has begun goes on when this process dies. */
    default boolean lasts() {
        return false;
    }

    /** At most how many threads have use in beginning transfers. */
    int mostStarters();

    /** Forced writes to files of its own until now, beside those of the databases. */
    default long forcedWrites() {
        return 0;
    }

    @Override
    void close();
}
