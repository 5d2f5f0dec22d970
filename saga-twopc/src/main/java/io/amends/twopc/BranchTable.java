package io.amends.twopc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the service's database knows of a branch: PostgreSQL's list of prepared transactions, and the table of those that have
 * ended.
 */
final class BranchTable {

    private static final String COMMITTED = "COMMITTED";
    private static final String REFUSED = "REFUSED";
    private static final String LOCK_TIMEOUT = "55P03";

    /** A few at a time, so that no request waits for long; the next call goes on. */
    private static final int FORGOTTEN_AT_ONCE = 10_000;

    private BranchTable() {}

    /**
     * What is known of a branch.
     *
     * @param xid of its prepared transaction (xid8), null if none is there
     * @param committed whether its transaction has committed
     * @param refused whether it was rolled back
     */
    record Known(@Nullable String xid, boolean committed, boolean refused) {}

    static Known look(Connection connection, String gid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select prepared.transaction::text::bigint as xid,
                       pg_snapshot_xmax(pg_current_snapshot())::text::bigint as snapshot_end,
                       branch.outcome
                  from (values (?)) as asked (gid)
                  left join pg_prepared_xacts as prepared
                    on prepared.gid = asked.gid and prepared.database = current_database()
                  left join twopc_branch as branch on branch.gid = asked.gid""")) {
            statement.setString(1, gid);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long xid = row.getLong("xid");
                boolean prepared = !row.wasNull();
                String outcome = row.getString("outcome");
                return new Known(
                        prepared ? Long.toString(fullXid(xid, row.getLong("snapshot_end"))) : null,
                        COMMITTED.equals(outcome),
                        REFUSED.equals(outcome));
            }
        }
    }

    /**
     * The xid8 of a transaction that still exists: PostgreSQL's list has its lower 32 bits only. It is less than 2^31 from the end
     * of the snapshot, on either side: that is the number behind the latest that has ended.
     */
    static long fullXid(long lower, long snapshotEnd) {
        return snapshotEnd + (int) (lower - snapshotEnd);
    }

    /** Notes the commit in the branch's own transaction. False if an end is noted already. Waits for whoever notes one now. */
    static boolean claim(Connection connection, String gid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into twopc_branch (gid, outcome) values (?, 'COMMITTED') on conflict (gid) do nothing")) {
            statement.setString(1, gid);
            return statement.executeUpdate() == 1;
        }
    }

    /**
     * Notes that the branch is refused.
     *
     * @return false if an end is noted already, or somebody notes one right now
     */
    static boolean refuse(Connection connection, String gid, Duration patience) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into twopc_branch (gid, outcome)
                select ?, 'REFUSED' from (select set_config('lock_timeout', ?, true)) as waiting
                on conflict (gid) do nothing""")) {
            statement.setString(1, gid);
            statement.setString(2, Math.max(1, patience.toMillis()) + "ms");
            return statement.executeUpdate() == 1;
        } catch (SQLException trouble) {
            if (LOCK_TIMEOUT.equals(trouble.getSQLState())) {
                return false;
            }
            throw trouble;
        }
    }

    static void forget(Connection connection, Duration olderThan) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                delete from twopc_branch where gid in (
                  select gid from twopc_branch
                   where noted_at < clock_timestamp() - make_interval(secs => ?)
                   order by noted_at limit ?)""")) {
            statement.setDouble(1, olderThan.toMillis() / 1000.0);
            statement.setInt(2, FORGOTTEN_AT_ONCE);
            statement.executeUpdate();
        }
    }
}
