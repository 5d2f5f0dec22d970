package io.amends.outbox.relay;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

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

    /**
     * The same. What comes by the shortcut need not be read if it is its turn; a source that makes no use of it leaves it
     * closed.
     *
     * @param shortcut null if there is none
     */
    default LaneReader open(Lease lease, @Nullable Shortcut shortcut) throws SQLException {
        return open(lease);
    }
}
