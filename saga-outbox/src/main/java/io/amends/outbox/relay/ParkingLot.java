package io.amends.outbox.relay;

import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code saga_parked} and {@code saga_parked_key}, as a lane's owner uses them. A key with a record that Kafka
 * refuses is blocked; its later records queue up behind it. Released by an operator, or because the topic can be written
 * again, the key's records are published from here, and only when none is left do new ones go the straight way again.
 */
final class ParkingLot {

    /** Reasons that lie in the topic, not in the record, and may pass. */
    static final Set<String> OF_TOPICS =
            Set.of("UNKNOWN_TOPIC", "NOT_AUTHORISED", LocalPublisher.NO_RECEIVER, LocalPublisher.RECEIVER_AWAY);

    private static final String OWNED = """
            with owned as materialized (
              select lane, lane_count from saga_lane where lane = ? and owner = ? and epoch = ? for update),
            """;

    private static final String COLUMNS =
            "position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at";

    private static final String PARK = OWNED + """
            refused as materialized (
              select r.* from unnest(?::bigint[], ?::text[], ?::text[]) r (position, reason_code, reason), owned),
            known as (
              update saga_parked p set reason_code = r.reason_code, reason = r.reason, parked_at = clock_timestamp()
                from refused r where p.position = r.position
              returning p.position, p.aggregatetype, p.aggregateid, p.bucket),
            fresh as (
              delete from saga_outbox o using refused r
               where o.position = any (?::bigint[]) and o.position = r.position
              returning o.*, r.reason_code, r.reason),
            added as (
              insert into saga_parked (%1$s, reason_code, reason) select %1$s, reason_code, reason from fresh),
            blocked as (
              insert into saga_parked_key as k (aggregatetype, aggregateid, bucket, blocked_by)
              select distinct on (aggregatetype, aggregateid) aggregatetype, aggregateid, bucket, position
                from (select position, aggregatetype, aggregateid, bucket from known
                      union all select position, aggregatetype, aggregateid, bucket from fresh) a
               order by aggregatetype, aggregateid, position
              on conflict (aggregatetype, aggregateid)
              do update set blocked_by = coalesce(least(k.blocked_by, excluded.blocked_by), excluded.blocked_by),
                            since = clock_timestamp())
            select count(*) from owned""".formatted(COLUMNS);

    private static final String FOLLOW = OWNED + """
            followers as (
              delete from saga_outbox o using saga_parked_key k, owned
               where o.position = any (?::bigint[])
                 and k.aggregatetype = o.aggregatetype and k.aggregateid = o.aggregateid
              returning o.*),
            added as (
              insert into saga_parked (%1$s) select %1$s from followers)
            select (select count(*) from owned), array(select position from followers)""".formatted(COLUMNS);

    private static final String RELEASED = """
            select position, aggregatetype, aggregateid, payload, headers
              from (select r.*, sum(r.bytes) over (order by r.position rows unbounded preceding) - r.bytes as bytes_before
                      from (select p.*, octet_length(p.payload) + octet_length(p.headers) as bytes
                              from saga_parked p
                              join saga_parked_key k using (aggregatetype, aggregateid)
                              join saga_lane l on k.bucket % l.lane_count = l.lane
                             where l.lane = ? and k.blocked_by is null
                             order by p.position
                             limit ?) r) d
             where bytes_before = 0 or bytes_before + bytes <= ?
             order by position""";

    private static final String PUBLISHED = OWNED + """
            gone as (
              delete from saga_parked p using owned where p.position = any (?::bigint[]))
            select count(*) from owned""";

    private static final String FREED = OWNED + """
            freed as (
              delete from saga_parked_key k using owned l
               where k.blocked_by is null and k.bucket % l.lane_count = l.lane
                 and not exists (select 1 from saga_parked p
                                  where p.aggregatetype = k.aggregatetype and p.aggregateid = k.aggregateid))
            select count(*) from owned""";

    private static final String CLOSED_TOPICS = """
            select distinct p.aggregatetype from saga_parked_key k join saga_parked p on p.position = k.blocked_by
             where p.reason_code = any (?::text[])""";

    private static final String RELEASE = """
            update saga_parked_key k set blocked_by = null
              from saga_parked p
             where p.position = k.blocked_by and p.reason_code = any (?::text[]) and p.aggregatetype = any (?::text[])""";

    private final RelayConnections connections;

    ParkingLot(RelayConnections connections) {
        this.connections = connections;
    }

    /**
     * A record that Kafka refuses for good.
     *
     * @param position its place in the outbox
     * @param reasonCode a stable code
     * @param reason in words
     */
    record Refusal(long position, String reasonCode, String reason) {}

    /** Moves the records here and blocks their keys. */
    void park(Lease lease, List<Refusal> refusals) throws SQLException {
        Object[] positions = refusals.stream().map(Refusal::position).toArray();
        try (Opened opened = connections.open()) {
            Connection connection = opened.connection();
            try (PreparedStatement statement = connection.prepareStatement(PARK)) {
                lease.set(statement, 1);
                statement.setArray(4, connection.createArrayOf("bigint", positions));
                statement.setArray(
                        5,
                        connection.createArrayOf(
                                "text",
                                refusals.stream().map(Refusal::reasonCode).toArray()));
                statement.setArray(
                        6,
                        connection.createArrayOf(
                                "text", refusals.stream().map(Refusal::reason).toArray()));
                statement.setArray(7, connection.createArrayOf("bigint", positions));
                lease.checkOwned(statement);
            }
        }
    }

    /** Moves records behind that of their key; returns those whose key is still parked, which are done herewith. */
    Set<Long> follow(Lease lease, List<Long> positions) throws SQLException {
        try (Opened opened = connections.open()) {
            Connection connection = opened.connection();
            try (PreparedStatement statement = connection.prepareStatement(FOLLOW)) {
                lease.set(statement, 1);
                statement.setArray(4, connection.createArrayOf("bigint", positions.toArray()));
                try (ResultSet result = statement.executeQuery()) {
                    if (!result.next() || result.getLong(1) == 0) {
                        throw new FencedException(lease);
                    }
                    return new HashSet<>(List.of((Long[]) result.getArray(2).getArray()));
                }
            }
        }
    }

    /** The topics for which keys are blocked because the topic could not be written. */
    List<String> closedTopics() throws SQLException {
        try (Opened opened = connections.open()) {
            Connection connection = opened.connection();
            try (PreparedStatement statement = connection.prepareStatement(CLOSED_TOPICS)) {
                statement.setArray(1, connection.createArrayOf("text", OF_TOPICS.toArray()));
                List<String> topics = new ArrayList<>();
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        topics.add(result.getString(1));
                    }
                }
                return topics;
            }
        }
    }

    /** Releases the keys that were blocked because those topics could not be written; returns how many. */
    int release(Collection<String> topics) throws SQLException {
        try (Opened opened = connections.open()) {
            Connection connection = opened.connection();
            try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
                statement.setArray(1, connection.createArrayOf("text", OF_TOPICS.toArray()));
                statement.setArray(2, connection.createArrayOf("text", topics.toArray()));
                return statement.executeUpdate();
            }
        }
    }

    /** The records of released keys, as a reader. */
    LaneReader released(Lease lease) {
        return new Released(lease);
    }

    private final class Released implements LaneReader {

        private final Lease lease;

        Released(Lease lease) {
            this.lease = lease;
        }

        @Override
        public Batch read(int limit) throws SQLException {
            try (Opened opened = connections.open();
                    PreparedStatement statement = opened.connection().prepareStatement(RELEASED)) {
                statement.setInt(1, lease.lane());
                statement.setInt(2, limit);
                statement.setLong(3, DeltaQueries.MAX_CHUNK_BYTES);
                List<OutboxRow> rows = OutboxRow.all(statement);
                if (rows.isEmpty()) {
                    update(FREED, null);
                }
                return Batch.of(rows, List.of(), !rows.isEmpty());
            }
        }

        @Override
        public boolean readsAhead() {
            return false;
        }

        @Override
        public void settle(Batch batch, Set<Long> acknowledged, Set<Long> parked) throws SQLException {
            if (!acknowledged.isEmpty()) {
                update(PUBLISHED, acknowledged);
            }
        }

        private void update(String sql, @Nullable Collection<Long> positions) throws SQLException {
            try (Opened opened = connections.open()) {
                Connection connection = opened.connection();
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    lease.set(statement, 1);
                    if (positions != null) {
                        statement.setArray(4, connection.createArrayOf("bigint", positions.toArray()));
                    }
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
