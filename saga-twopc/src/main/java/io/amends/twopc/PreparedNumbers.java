package io.amends.twopc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Learns the numbers of transactions that are prepared at the same moment with one statement for all, on the connection of
 * whichever comes first. Safe for use by many threads.
 */
final class PreparedNumbers {

    /** The list of the server has the lower half of each number. Transactions live less than 2^31 apart. */
    private static final String ASK = """
            select gid, transaction::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
              from pg_prepared_xacts where gid = any (?)""";

    private final GroupCommit<Asked> asks = new GroupCommit<>(PreparedNumbers::ask);

    private static final class Asked {
        private final String gid;
        private final Connection connection;
        private volatile @Nullable String number;

        Asked(String gid, Connection connection) {
            this.gid = gid;
            this.connection = connection;
        }
    }

    /**
     * The number of a transaction that is prepared.
     *
     * @param connection the one that prepared it, which is outside of a transaction and commits by itself
     * @return null if it is not known
     */
    @Nullable
    String of(Gid gid, Connection connection, Duration limit) {
        Asked mine = new Asked(gid.text(), connection);
        asks.write(mine, limit);
        return mine.number;
    }

    private static Set<Asked> ask(List<Asked> all, Duration limit) {
        Map<String, Asked> open = new HashMap<>();
        all.forEach(asked -> open.put(asked.gid, asked));
        Connection connection = all.get(0).connection;
        Set<Asked> answered = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(ASK)) {
            Array gids = connection.createArrayOf("text", open.keySet().toArray());
            statement.setArray(1, gids);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Asked asked = open.get(rows.getString(1));
                    if (asked != null) {
                        asked.number = Long.toString(whole(rows.getLong(2), rows.getLong(3)));
                        answered.add(asked);
                    }
                }
            }
            return answered;
        } catch (SQLException trouble) {
            throw new DecisionLogException("asking", true, trouble);
        }
    }

    /** The number with those lower 32 bits that is nearest to another one. */
    static long whole(long lower, long near) {
        return near + (int) (lower - near);
    }
}
