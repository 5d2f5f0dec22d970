package io.amends.outbox.relay;

import java.sql.SQLException;

/**
 * Where the relay reads. The seam between ways to find what is new: an implementation promises that for each key rows
 * come in the order in which the transactions that lock that key committed, and that none is skipped. Safe for use by
 * many threads. Internal: it may be reshaped.
 */
public interface OutboxSource {

    /**
     * Begins to read a lane where its last owner ended.
     *
     * @throws FencedException if the lease is no longer the caller's
     */
    LaneReader open(Lease lease) throws SQLException;
}
