package io.amends.outbox.relay;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * Where the relay reads. The seam between ways to find what is new: an implementation promises that for each key rows
 * come in the order in which the transactions that lock that key committed, and that none is skipped. Each call is one
 * statement on a connection of its own. Internal: it may be reshaped.
 */
public interface OutboxSource {

    /**
     * The oldest unpublished rows, ascending by position; without those behind a parked record of their key.
     *
     * @param limit the most rows
     * @param withoutTopics topics to leave out
     */
    List<OutboxRow> read(int limit, Collection<String> withoutTopics) throws SQLException;

    /**
     * Notes that rows were acknowledged. Need not be durable at once: what is forgotten is published again.
     *
     * @throws FencedException if the lease is no longer the caller's; nothing was noted
     */
    void acknowledged(Lease lease, List<Long> positions) throws SQLException;

    /**
     * Parks a record that Kafka refuses for good; its key's later rows wait.
     *
     * @throws FencedException if the lease is no longer the caller's; nothing was parked
     */
    void park(Lease lease, long position, String reasonCode, String reason) throws SQLException;
}
