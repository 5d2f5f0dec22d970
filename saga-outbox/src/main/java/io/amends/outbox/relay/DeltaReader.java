package io.amends.outbox.relay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One lane's way through the deltas. A delta that fits into a batch takes one statement; a larger one is cut off by a
 * snapshot, which is kept, and walked through by position. The cursor is written down now and then: a crash repeats what
 * was published since.
 */
final class DeltaReader implements LaneReader {

    /** Half of what a producer buffers by default, so that sending a chunk never waits for room, and memory suffices. */
    static final long MAX_CHUNK_BYTES = 16L * 1024 * 1024;

    /** After so much time or so many rows: few writes while little comes, few repeats while much does. */
    private static final Duration SAVE_EVERY = Duration.ofMillis(100);

    private static final int SAVE_ROWS = 500;

    private static final String FRESH = "select * from saga_outbox_fresh(?, ?, ?::pg_snapshot, ?, ?)";
    private static final String CUT = "select * from saga_outbox_cut(?, ?, ?::pg_snapshot)";
    private static final String BETWEEN =
            "select null::text as seen, b.* from saga_outbox_between(?, ?, ?::pg_snapshot, ?::pg_snapshot, ?, ?, ?) b";

    /** Losing a cursor in a crash costs repeats, so its commit does not wait for the disk. */
    private static final String SAVE = """
            with relaxed as materialized (select set_config('synchronous_commit', 'off', true))
            update saga_lane set published_to = ?::pg_snapshot, cut_to = ?::pg_snapshot, cut_position = ?
              from relaxed where lane = ? and owner = ? and epoch = ?""";

    private final LaneConnection database;
    private final Lease lease;
    private final int laneCount;
    private final LongSupplier clock;
    private Cursor settled;
    private Cursor ahead;
    private int unsaved;
    private long savedAt;

    /** Rows that are done although an earlier one is not; they are not sent again. */
    private final Set<Long> doneAhead = new HashSet<>();

    DeltaReader(LaneConnection database, Lease lease, int laneCount, Cursor cursor, LongSupplier clock) {
        this.database = database;
        this.lease = lease;
        this.laneCount = laneCount;
        this.clock = clock;
        this.settled = cursor;
        this.ahead = cursor;
        this.savedAt = clock.getAsLong();
    }

    @Override
    public boolean readsAhead() {
        return true;
    }

    @Override
    public Batch read(int limit) throws SQLException {
        return database.call(connection -> {
            Cursor from = ahead;
            Read read = from.cut() == null ? fresh(connection, from.to(), limit) : between(connection, from, limit);
            if (read == null) {
                from = cut(connection, from.to());
                read = between(connection, from, limit);
            }
            int size = read.rows.size();
            boolean all = size == read.found && (from.cut() == null || size < limit);
            Cursor after = all
                    ? Cursor.at(read.seen)
                    : new Cursor(from.to(), read.seen, read.rows.get(size - 1).position());
            ahead = after;
            return batch(read, !all, from, after);
        });
    }

    /** What one statement found. */
    private static final class Read {

        private final List<OutboxRow> rows = new ArrayList<>();
        private final List<Boolean> parked = new ArrayList<>();
        private final String seen;
        private long found;

        Read(String seen) {
            this.seen = seen;
        }
    }

    private Batch batch(Read read, boolean more, Cursor from, Cursor after) {
        List<OutboxRow> rows = new ArrayList<>(read.rows.size());
        List<Long> followers = new ArrayList<>();
        for (int i = 0; i < read.rows.size(); i++) {
            OutboxRow row = read.rows.get(i);
            if (read.parked.get(i)) {
                followers.add(row.position());
            } else if (!doneAhead.contains(row.position())) {
                rows.add(row);
            }
        }
        return new Batch(rows, followers, more, from, after);
    }

    /** Null if there is more than fits. */
    private @Nullable Read fresh(Connection connection, String since, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FRESH)) {
            statement.setInt(1, lease.lane());
            statement.setInt(2, laneCount);
            statement.setString(3, since);
            statement.setInt(4, limit);
            statement.setLong(5, MAX_CHUNK_BYTES);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                Read read = new Read(result.getString("seen"));
                if (result.getLong("found") > limit) {
                    return null;
                }
                do {
                    add(result, read);
                } while (result.next());
                return read;
            }
        }
    }

    private Cursor cut(Connection connection, String since) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CUT)) {
            statement.setInt(1, lease.lane());
            statement.setInt(2, laneCount);
            statement.setString(3, since);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return new Cursor(since, result.getString(1), result.getLong(2) - 1);
            }
        }
    }

    private Read between(Connection connection, Cursor from, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BETWEEN)) {
            statement.setInt(1, lease.lane());
            statement.setInt(2, laneCount);
            statement.setString(3, from.to());
            statement.setString(4, from.cut());
            statement.setLong(5, from.position());
            statement.setInt(6, limit);
            statement.setLong(7, MAX_CHUNK_BYTES);
            Read read = new Read(String.valueOf(from.cut()));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    add(result, read);
                }
            }
            return read;
        }
    }

    private static void add(ResultSet result, Read read) throws SQLException {
        read.found = result.getLong("found");
        long position = result.getLong("position");
        if (!result.wasNull()) {
            read.rows.add(new OutboxRow(
                    position,
                    result.getString("topic"),
                    result.getString("key"),
                    result.getBytes("payload"),
                    result.getBytes("headers")));
            read.parked.add(result.getBoolean("parked"));
        }
    }

    @Override
    public void settle(Batch batch, Set<Long> acknowledged, Set<Long> parked) {
        long upTo = 0;
        boolean whole = true;
        for (long position : batch.positions()) {
            boolean done = acknowledged.contains(position) || parked.contains(position);
            whole = whole && done;
            if (whole) {
                upTo = position;
            } else if (done) {
                doneAhead.add(position);
            }
        }
        Cursor from = (Cursor) batch.from();
        Cursor after = (Cursor) batch.after();
        if (whole) {
            settled = after;
            // An empty batch between two deltas is not worth writing down: from the older cursor nothing is found
            // either.
            if (!batch.isEmpty() || from.cut() != null) {
                unsaved += Math.max(1, acknowledged.size());
            }
            if (after.cut() == null) {
                doneAhead.clear();
            }
        } else if (upTo > 0) {
            settled = new Cursor(from.to(), end(from, after), upTo);
            unsaved += Math.max(1, acknowledged.size());
        }
    }

    /** The snapshot up to which the batch's delta goes. */
    private static String end(Cursor from, Cursor after) {
        if (from.cut() != null) {
            return from.cut();
        }
        return after.cut() != null ? after.cut() : after.to();
    }

    @Override
    public void rewind() {
        ahead = settled;
    }

    @Override
    public boolean save(boolean now) throws SQLException {
        boolean due = now || unsaved >= SAVE_ROWS || clock.getAsLong() - savedAt >= SAVE_EVERY.toNanos();
        if (unsaved == 0 || !due) {
            return unsaved == 0;
        }
        Cursor saving = settled;
        if (!database.call(connection -> isSaved(connection, saving))) {
            throw new FencedException(lease);
        }
        unsaved = 0;
        savedAt = clock.getAsLong();
        return true;
    }

    /** False if the lane is somebody else's. */
    private boolean isSaved(Connection connection, Cursor saving) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            statement.setString(1, saving.to());
            statement.setString(2, saving.cut());
            if (saving.cut() == null) {
                statement.setNull(3, Types.BIGINT);
            } else {
                statement.setLong(3, saving.position());
            }
            statement.setInt(4, lease.lane());
            statement.setString(5, lease.owner());
            statement.setLong(6, lease.epoch());
            return statement.executeUpdate() == 1;
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
