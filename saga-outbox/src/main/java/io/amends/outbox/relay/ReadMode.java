package io.amends.outbox.relay;

import javax.sql.DataSource;

/** How a relay finds what is new. Both lose nothing and keep the order of each key. All relays of a database use the same. */
public enum ReadMode {

    /**
     * What is visible now and was not before. Rows are neither changed nor deleted one by one, so nothing needs vacuum and a
     * transaction that is held open slows nothing down.
     */
    SNAPSHOT_DELTA {
        @Override
        public OutboxSource source(DataSource dataSource) {
            return new SnapshotDeltaSource(dataSource);
        }
    },

    /** What is there; acknowledged rows are deleted. Simple, and the outbox holds nothing but what is pending. */
    PENDING_SET {
        @Override
        public OutboxSource source(DataSource dataSource) {
            return new PendingSetSource(dataSource);
        }
    };

    /** Reads that database in this way. */
    public abstract OutboxSource source(DataSource dataSource);
}
