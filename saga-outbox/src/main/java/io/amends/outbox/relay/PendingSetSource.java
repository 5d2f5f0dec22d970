package io.amends.outbox.relay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/**
 * Reads what is there and deletes what was acknowledged. No cursor, so no row can be passed over: one that becomes
 * visible late is simply found later. The order of a key is that of its commits, because positions are drawn while its
 * writer holds the key's lock.
 */
public final class PendingSetSource implements OutboxSource {

    /** Half of what a producer buffers by default, so that sending a chunk never waits for room, and memory suffices. */
    private static final long MAX_CHUNK_BYTES = 16L * 1024 * 1024;

    /** The bytes are counted without reading large payloads; the first row comes whatever its size. */
    private static final String READ = """
            select position, aggregatetype, aggregateid, payload, headers
              from (select c.*,
                           sum(bytes) over (order by position rows between unbounded preceding and 1 preceding) as before
                      from (select o.*, octet_length(o.payload) + octet_length(o.headers) as bytes
                              from saga_outbox o
                             where o.aggregatetype <> all (?::text[])
                               and not exists (select 1 from saga_parked p
                                                where p.aggregatetype = o.aggregatetype
                                                  and p.aggregateid = o.aggregateid
                                                  and p.position < o.position)
                             order by o.position
                             limit ?) c) chunk
             where before is null or before + bytes <= ?
             order by position""";

    /** Losing a deletion in a crash costs a repeat, so its commit does not wait for the disk. */
    private static final String ACKNOWLEDGE = """
            with relaxed as materialized (select set_config('synchronous_commit', 'off', true)),
            owned as materialized (
              select l.lane from saga_lane l, relaxed where l.lane = ? and l.owner = ? and l.epoch = ?),
            gone as (
              delete from saga_outbox where position = any (?::bigint[]) and exists (select 1 from owned))
            select count(*) from owned""";

    private static final String PARK = """
            with owned as materialized (
              select lane from saga_lane where lane = ? and owner = ? and epoch = ? for update),
            gone as (
              delete from saga_outbox where position = ? and exists (select 1 from owned) returning *),
            parked as (
              insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,
                                       created_at, reason_code, reason)
              select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at, ?, ?
                from gone)
            select count(*) from owned""";

    private final DataSource dataSource;

    /** On that database. */
    public PendingSetSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<OutboxRow> read(int limit, Collection<String> withoutTopics) throws SQLException {
        try (Connection connection = Autocommit.open(dataSource);
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setArray(1, connection.createArrayOf("text", withoutTopics.toArray()));
            statement.setInt(2, limit);
            statement.setLong(3, MAX_CHUNK_BYTES);
            List<OutboxRow> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(new OutboxRow(
                            result.getLong(1),
                            result.getString(2),
                            result.getString(3),
                            result.getBytes(4),
                            result.getBytes(5)));
                }
            }
            return rows;
        }
    }

    @Override
    public void acknowledged(Lease lease, List<Long> positions) throws SQLException {
        try (Connection connection = Autocommit.open(dataSource);
                PreparedStatement statement = connection.prepareStatement(ACKNOWLEDGE)) {
            setLease(statement, lease);
            statement.setArray(4, connection.createArrayOf("bigint", positions.toArray()));
            checkOwned(statement, lease);
        }
    }

    @Override
    public void park(Lease lease, long position, String reasonCode, String reason) throws SQLException {
        try (Connection connection = Autocommit.open(dataSource);
                PreparedStatement statement = connection.prepareStatement(PARK)) {
            setLease(statement, lease);
            statement.setLong(4, position);
            statement.setString(5, reasonCode);
            statement.setString(6, reason);
            checkOwned(statement, lease);
        }
    }

    private static void setLease(PreparedStatement statement, Lease lease) throws SQLException {
        statement.setInt(1, lease.lane());
        statement.setString(2, lease.owner());
        statement.setLong(3, lease.epoch());
    }

    private static void checkOwned(PreparedStatement statement, Lease lease) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            if (!result.next() || result.getLong(1) == 0) {
                throw new FencedException(lease);
            }
        }
    }
}
