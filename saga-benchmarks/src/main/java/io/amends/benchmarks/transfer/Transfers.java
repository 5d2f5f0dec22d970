package io.amends.benchmarks.transfer;

import java.util.UUID;
import java.util.function.Consumer;

/** A way to carry out transfers. Safe for use by many threads. */
interface Transfers extends AutoCloseable {

    /** Hears of transfers that have ended; set before the first begins. */
    void whenEnded(Consumer<UUID> ended);

    /** Begins a transfer; it may end before or after this returns. */
    void begin(Transfer transfer);

    @Override
    void close();
}
