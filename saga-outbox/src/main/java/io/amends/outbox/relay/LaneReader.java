package io.amends.outbox.relay;

import java.sql.SQLException;
import java.util.Set;

/**
 * Reads one lane, batch by batch. Each call is a transaction of its own; a connection may be kept in between. Used by one
 * thread. Internal.
 */
public interface LaneReader extends AutoCloseable {

    /** The rows after those that were read before, ascending by position. */
    Batch read(int limit) throws SQLException;

    /** Whether the next batch may be read while the last one is still on its way. */
    boolean readsAhead();

    /**
     * Notes which rows of the oldest batch that is not settled are done. What is not is read again. Need not be durable at
     * once: what is forgotten is published again. An empty batch is settled too.
     *
     * @param acknowledged positions of rows that Kafka has
     * @param parked positions of rows that were moved to {@code saga_parked}
     * @throws FencedException if the lease is no longer the caller's; nothing was noted
     */
    void settle(Batch batch, Set<Long> acknowledged, Set<Long> parked) throws SQLException;

    /** Gives up what was read and is not settled: it is read again. */
    void rewind();

    /**
     * Writes down what is only remembered so far, if anything is.
     *
     * @param now whether it can't wait
     * @return whether everything is written down
     * @throws FencedException if the lease is no longer the caller's; nothing was noted
     */
    boolean save(boolean now) throws SQLException;

    /** Gives back what it keeps of the database's. */
    @Override
    default void close() throws SQLException {}
}
