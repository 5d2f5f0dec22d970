package io.amends.outbox.relay;

import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is visible now and was not in the snapshot of before: every transaction that has ended in between, whatever
 * its number and however long others last. Rows are neither changed nor deleted; a lane's cursor is two snapshots and a
 * position. The order of a key is that of its commits: snapshots are cuts of the history of commits, and within a cut
 * positions rise as they were drawn, under the key's lock. The idea is that of PgQ.
 */
public final class SnapshotDeltaSource implements OutboxSource {

    /** A crash before the next statement breaks the connection, so both are of the same run of the server. */
    private static final String RUN = "insert into saga_server_run default values on conflict do nothing";

    private static final String OPEN = """
            select published_to::text, cut_to::text, coalesce(cut_position, 0), lane_count, run.id::text
              from saga_lane cross join saga_server_run run where lane = ? and owner = ? and epoch = ?""";

    private final RelayConnections connections;
    private final Semaphore keepers = new Semaphore(1);
    private final LongSupplier clock;

    /** On that database. */
    public SnapshotDeltaSource(DataSource dataSource) {
        this(dataSource, System::nanoTime);
    }

    /** @param clock monotonic nanoseconds */
    SnapshotDeltaSource(DataSource dataSource, LongSupplier clock) {
        this.connections = new RelayConnections(dataSource);
        this.clock = clock;
    }

    @Override
    public LaneReader open(Lease lease) throws SQLException {
        return open(lease, null);
    }

    @Override
    public LaneReader open(Lease lease, @Nullable Shortcut shortcut) throws SQLException {
        try (Opened opened = connections.open();
                PreparedStatement run = opened.connection().prepareStatement(RUN);
                PreparedStatement statement = opened.connection().prepareStatement(OPEN)) {
            run.executeUpdate();
            statement.setInt(1, lease.lane());
            statement.setString(2, lease.owner());
            statement.setLong(3, lease.epoch());
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new FencedException(lease);
                }
                Cursor cursor = new Cursor(result.getString(1), result.getString(2), result.getLong(3));
                LaneConnection connection = new LaneConnection(connections, keepers, clock);
                DeltaQueries queries = new DeltaQueries(lease, result.getInt(4), result.getString(5));
                return new DeltaReader(connection, lease, queries, cursor, clock, shortcut);
            }
        }
    }
}
