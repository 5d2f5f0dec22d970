package io.amends.outbox.relay;

import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Reads what is there and deletes what was acknowledged: the simple mode. No cursor, so no row can be passed over: one that
 * becomes visible late is simply found later. The order of a key is that of its commits, because positions are drawn while
 * its writer holds the key's lock.
 */
public final class PendingSetSource implements OutboxSource {

    /** What the other mode has published goes first; its cursor means nothing here. */
    private static final String OPEN = """
            with owned as materialized (
              select * from saga_lane where lane = ? and owner = ? and epoch = ? for update),
            gone as (
              delete from saga_outbox o using owned l
               where (l.published_to::text <> '1:1:' or l.cut_to is not null) and o.bucket % l.lane_count = l.lane
                 and (pg_visible_in_snapshot(o.xid, l.published_to)
                      or coalesce(pg_visible_in_snapshot(o.xid, l.cut_to) and o.position <= l.cut_position, false)))
            update saga_lane l set published_to = '1:1:', cut_to = null, cut_position = null
              from owned where l.lane = owned.lane
            returning l.lane_count""";

    /** The bytes are counted without reading large payloads; the first row comes whatever its size. */
    private static final String READ = """
            select position, aggregatetype, aggregateid, payload, headers,
                   exists (select 1 from saga_parked_key k
                            where k.aggregatetype = chunk.aggregatetype and k.aggregateid = chunk.aggregateid) as parked
              from (select c.*,
                           sum(bytes) over (order by position rows between unbounded preceding and 1 preceding) as before
                      from (select o.*, octet_length(o.payload) + octet_length(o.headers) as bytes
                              from saga_outbox o
                             where o.bucket % ? = ?
                             order by o.position
                             limit ?) c) chunk
             where before is null or before + bytes <= ?
             order by position""";

    /** Losing a deletion in a crash costs a repeat, so its commit does not wait for the disk. */
    private static final String DELETE = """
            with relaxed as materialized (select set_config('synchronous_commit', 'off', true)),
            owned as materialized (
              select l.lane from saga_lane l, relaxed where l.lane = ? and l.owner = ? and l.epoch = ?),
            gone as (
              delete from saga_outbox where position = any (?::bigint[]) and exists (select 1 from owned))
            select count(*) from owned""";

    private final RelayConnections connections;

    /** On that database. */
    public PendingSetSource(DataSource dataSource) {
        this.connections = new RelayConnections(dataSource);
    }

    @Override
    public LaneReader open(Lease lease) throws SQLException {
        try (Opened opened = connections.open();
                PreparedStatement statement = opened.connection().prepareStatement(OPEN)) {
            lease.set(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new FencedException(lease);
                }
                return new Reader(lease, result.getInt(1));
            }
        }
    }

    private final class Reader implements LaneReader {

        private final Lease lease;
        private final int laneCount;

        Reader(Lease lease, int laneCount) {
            this.lease = lease;
            this.laneCount = laneCount;
        }

        @Override
        public boolean readsAhead() {
            // A row that becomes visible below those read ahead would come after them.
            return false;
        }

        @Override
        public Batch read(int limit) throws SQLException {
            try (Opened opened = connections.open();
                    PreparedStatement statement = opened.connection().prepareStatement(READ)) {
                statement.setInt(1, laneCount);
                statement.setInt(2, lease.lane());
                statement.setInt(3, limit);
                statement.setLong(4, DeltaQueries.MAX_CHUNK_BYTES);
                List<OutboxRow> rows = new ArrayList<>();
                List<Long> followers = new ArrayList<>();
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        if (result.getBoolean("parked")) {
                            followers.add(result.getLong("position"));
                        } else {
                            rows.add(OutboxRow.of(result));
                        }
                    }
                }
                return Batch.of(rows, followers, rows.size() + followers.size() == limit);
            }
        }

        @Override
        public void settle(Batch batch, Set<Long> acknowledged, Set<Long> parked) throws SQLException {
            if (acknowledged.isEmpty()) {
                return;
            }
            try (Opened opened = connections.open()) {
                Connection connection = opened.connection();
                try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
                    lease.set(statement, 1);
                    statement.setArray(4, connection.createArrayOf("bigint", acknowledged.toArray()));
                    lease.checkOwned(statement);
                }
            }
        }

        @Override
        public void rewind() {
            // It keeps no place.
        }

        @Override
        public boolean save(boolean now) {
            // Everything is noted at once.
            return true;
        }
    }
}
