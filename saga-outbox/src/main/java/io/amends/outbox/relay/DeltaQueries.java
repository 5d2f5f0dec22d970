package io.amends.outbox.relay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a lane's reader asks the database, one statement each. Keeps nothing. */
final class DeltaQueries {

    /** Half of what a producer buffers by default, so that sending a chunk never waits for room, and memory suffices. */
    static final long MAX_CHUNK_BYTES = 16L * 1024 * 1024;

    private static final String FRESH = """
            select f.*, exists (select 1 from saga_server_run where id = ?::uuid) as same_run
              from saga_outbox_fresh(?, ?, ?::pg_snapshot, ?, ?) f""";

    private static final String CUT = """
            select c.*, exists (select 1 from saga_server_run where id = ?::uuid) as same_run
              from saga_outbox_cut(?, ?, ?::pg_snapshot) c""";

    private static final String BETWEEN = """
            select null::text as seen, b.*, exists (select 1 from saga_server_run where id = ?::uuid) as same_run
              from saga_outbox_between(?, ?, ?::pg_snapshot, ?::pg_snapshot, ?, ?, ?) b""";

    /** Losing a cursor in a crash costs repeats, so its commit does not wait for the disk. */
    private static final String SAVE = """
            with relaxed as materialized (select set_config('synchronous_commit', 'off', true))
            update saga_lane set published_to = ?::pg_snapshot, cut_to = ?::pg_snapshot, cut_position = ?
              from relaxed where lane = ? and owner = ? and epoch = ?
               and exists (select 1 from saga_server_run where id = ?::uuid)
            returning pg_current_xact_id()::text""";

    private static final String PARKED = "select exists (select 1 from saga_parked_key where bucket % ? = ?)";

    private final Lease lease;
    private final int laneCount;
    private final String serverRun;

    /**
     * @param laneCount how many lanes the outbox has
     * @param serverRun the run of the server in which the cursor was read
     */
    DeltaQueries(Lease lease, int laneCount, String serverRun) {
        this.lease = lease;
        this.laneCount = laneCount;
        this.serverRun = serverRun;
    }

    /**
     * What became visible since that snapshot; null if there is more than fits.
     *
     * @throws ServerRunEndedException if the server has crashed since the cursor was read
     */
    @Nullable
    Delta fresh(Connection connection, String since, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FRESH)) {
            statement.setString(1, serverRun);
            statement.setInt(2, lease.lane());
            statement.setInt(3, laneCount);
            statement.setString(4, since);
            statement.setInt(5, limit);
            statement.setLong(6, MAX_CHUNK_BYTES);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                checkRun(result);
                String seen = result.getString("seen");
                if (result.getLong("found") > limit) {
                    return null;
                }
                Rows rows = new Rows();
                do {
                    rows.add(result);
                } while (result.next());
                return rows.of(seen);
            }
        }
    }

    /** Where a walk begins through a delta since that snapshot which is too large for one read. */
    Cursor cut(Connection connection, String since) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CUT)) {
            statement.setString(1, serverRun);
            statement.setInt(2, lease.lane());
            statement.setInt(3, laneCount);
            statement.setString(4, since);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                checkRun(result);
                return new Cursor(since, result.getString(1), result.getLong(2) - 1);
            }
        }
    }

    /** The next rows of that walk. */
    Delta between(Connection connection, Cursor from, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BETWEEN)) {
            statement.setString(1, serverRun);
            statement.setInt(2, lease.lane());
            statement.setInt(3, laneCount);
            statement.setString(4, from.to());
            statement.setString(5, from.cut());
            statement.setLong(6, from.position());
            statement.setInt(7, limit);
            statement.setLong(8, MAX_CHUNK_BYTES);
            Rows rows = new Rows();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    checkRun(result);
                    rows.add(result);
                }
            }
            return rows.of(String.valueOf(from.cut()));
        }
    }

    private void checkRun(ResultSet result) throws SQLException {
        if (!result.getBoolean("same_run")) {
            throw new ServerRunEndedException(lease.lane());
        }
    }

    /** Whether a key of the lane is parked. */
    boolean isAnyParked(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PARKED)) {
            statement.setInt(1, laneCount);
            statement.setInt(2, lease.lane());
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getBoolean(1);
            }
        }
    }

    /**
     * Writes the cursor down; tells the transaction that did it, nothing if the lane is somebody else's or the server has
     * crashed since the cursor was read.
     */
    OptionalLong save(Connection connection, Cursor cursor) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            statement.setString(1, cursor.to());
            statement.setString(2, cursor.cut());
            if (cursor.cut() == null) {
                statement.setNull(3, Types.BIGINT);
            } else {
                statement.setLong(3, cursor.position());
            }
            statement.setInt(4, lease.lane());
            statement.setString(5, lease.owner());
            statement.setLong(6, lease.epoch());
            statement.setString(7, serverRun);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? OptionalLong.of(Long.parseLong(result.getString(1))) : OptionalLong.empty();
            }
        }
    }

    /** Gathers the rows of a result. */
    private static final class Rows {

        private final List<OutboxRow> rows = new ArrayList<>();
        private final List<Boolean> parked = new ArrayList<>();
        private long found;

        void add(ResultSet result) throws SQLException {
            found = result.getLong("found");
            long position = result.getLong("position");
            if (!result.wasNull()) {
                rows.add(new OutboxRow(
                        position,
                        result.getString("topic"),
                        result.getString("key"),
                        result.getBytes("payload"),
                        result.getBytes("headers")));
                parked.add(result.getBoolean("parked"));
            }
        }

        Delta of(String seen) {
            return new Delta(seen, rows, parked, found);
        }
    }
}
