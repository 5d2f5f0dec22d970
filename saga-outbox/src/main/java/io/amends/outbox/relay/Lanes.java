package io.amends.outbox.relay;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The tables {@code saga_lane} and {@code saga_relay}: who may publish what, and who is alive. Expiry is judged by the
 * database's clock alone; each call is one statement.
 */
final class Lanes {

    private static final String BEAT = """
            with relaxed as materialized (select set_config('synchronous_commit', 'off', true)),
            alive as (
              insert into saga_relay (owner, alive_until)
              select ?, clock_timestamp() + ? * interval '1 millisecond' from relaxed
              on conflict (owner) do update set alive_until = excluded.alive_until),
            gone as (
              delete from saga_relay where owner in (
                select owner from saga_relay where alive_until < clock_timestamp() - ? * interval '10 milliseconds'
                 for update skip locked)),
            renewed as (
              update saga_lane l set lease_until = clock_timestamp() + ? * interval '1 millisecond'
                from unnest(?::smallint[], ?::bigint[]) held (lane, epoch)
               where l.lane = held.lane and l.epoch = held.epoch and l.owner = ?
              returning l.lane)
            select l.lane, l.owner is null or l.lease_until < clock_timestamp() or l.owner = ? as free,
                   exists (select 1 from renewed r where r.lane = l.lane) as renewed,
                   exists (select 1 from saga_parked_key k
                            where k.blocked_by is null and k.bucket % l.lane_count = l.lane) as released,
                   array(select owner from saga_relay where alive_until > clock_timestamp()) as alive,
                   pg_current_xact_id()::text as transaction
              from saga_lane l order by l.lane""";

    /** Durable when it returns: an epoch is never given out twice. */
    private static final String ACQUIRE = """
            with free as (
              select lane from saga_lane
               where lane = any (?::smallint[]) and (owner is null or owner = ? or lease_until < clock_timestamp())
               order by lane for update skip locked)
            update saga_lane l
               set owner = ?, epoch = epoch + 1, lease_until = clock_timestamp() + ? * interval '1 millisecond'
              from free where l.lane = free.lane
            returning l.lane, l.epoch""";

    private static final String RELEASE = """
            update saga_lane set owner = null, lease_until = '-infinity' where lane = ? and owner = ? and epoch = ?""";

    private static final String CONFIRM = "select count(*) from saga_lane where lane = ? and owner = ? and epoch = ?";

    private static final String LEAVE = "delete from saga_relay where owner = ?";

    private final String owner;
    private final Duration time;

    /**
     * @param owner this process
     * @param time how long a lease lasts
     */
    Lanes(String owner, Duration time) {
        this.owner = owner;
        this.time = time;
    }

    /**
     * A lane as the database knows it.
     *
     * @param number its number
     * @param free whether it may be acquired
     * @param renewed whether it is still this process's, and now for longer
     * @param released whether parked records of it may be published
     */
    record Lane(int number, boolean free, boolean renewed, boolean released) {}

    /**
     * What a beat tells.
     *
     * @param lanes all lanes
     * @param alive the relays that have given a sign of life
     * @param transaction the beat's own, 0 if there are no lanes
     */
    record View(List<Lane> lanes, List<String> alive, long transaction) {}

    /** Gives a sign of life, prolongs the leases, and looks round. */
    View beat(Connection connection, Collection<Lease> held) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEAT)) {
            statement.setString(1, owner);
            statement.setLong(2, time.toMillis());
            statement.setLong(3, time.toMillis());
            statement.setLong(4, time.toMillis());
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "smallint", held.stream().map(Lease::lane).toArray()));
            statement.setArray(
                    6,
                    connection.createArrayOf(
                            "bigint", held.stream().map(Lease::epoch).toArray()));
            statement.setString(7, owner);
            statement.setString(8, owner);
            List<Lane> lanes = new ArrayList<>();
            List<String> alive = List.of();
            long transaction = 0;
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    lanes.add(new Lane(
                            result.getInt(1), result.getBoolean(2), result.getBoolean(3), result.getBoolean(4)));
                    Array owners = result.getArray(5);
                    alive = List.of((String[]) owners.getArray());
                    transaction = Long.parseLong(result.getString(6));
                }
            }
            return new View(lanes, alive, transaction);
        }
    }

    /** Takes those of the lanes that are free, expired or already this owner's. */
    List<Lease> acquire(Connection connection, List<Integer> lanes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACQUIRE)) {
            statement.setArray(1, connection.createArrayOf("smallint", lanes.toArray()));
            statement.setString(2, owner);
            statement.setString(3, owner);
            statement.setLong(4, time.toMillis());
            List<Lease> acquired = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    acquired.add(new Lease(result.getInt(1), owner, result.getLong(2)));
                }
            }
            return acquired;
        }
    }

    /**
     * Whether it is still this owner's.
     *
     * @throws FencedException if it is not
     */
    void confirm(Connection connection, Lease lease) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CONFIRM)) {
            lease.set(statement, 1);
            lease.checkOwned(statement);
        }
    }

    /** Gives a lane back, so that a successor need not wait. */
    void release(Connection connection, Lease lease) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            lease.set(statement, 1);
            statement.executeUpdate();
        }
    }

    /** Says that this process is no longer there to share the lanes with. */
    void leave(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LEAVE)) {
            statement.setString(1, owner);
            statement.executeUpdate();
        }
    }
}
