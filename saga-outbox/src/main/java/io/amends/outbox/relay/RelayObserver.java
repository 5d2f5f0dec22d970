package io.amends.outbox.relay;

import java.time.Duration;

/** Told by a relay's lanes, on their threads, how long each stage of a chunk took. Must be quick and throw nothing. */
public interface RelayObserver {

    /** Hears nothing. */
    RelayObserver NONE = new RelayObserver() {};

    /** Rows were looked for in the database. */
    default void read(int rows, Duration took) {}

    /** Records were sent, and Kafka acknowledged them or the chunk was given up. */
    default void sent(int records, Duration took) {}

    /** What became of a chunk was noted in the database. */
    default void settled(Duration took) {}
}
