package io.amends.twopc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a pool for one statement at a time, each of which is its own transaction and none of which waits for the
 * server without a limit. How long the pool may take to hand it out is the pool's setting.
 */
final class LimitedConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LimitedConnection.class);

    private final Connection connection;
    private final boolean autoCommitBefore;
    private final int limitBefore;

    private LimitedConnection(Connection connection, boolean autoCommitBefore, int limitBefore) {
        this.connection = connection;
        this.autoCommitBefore = autoCommitBefore;
        this.limitBefore = limitBefore;
    }

    static LimitedConnection open(DataSource dataSource, Duration limit) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            int before = connection.getNetworkTimeout();
            limit(connection, limit);
            return new LimitedConnection(connection, autoCommit, before);
        } catch (SQLException | RuntimeException trouble) {
            try (connection) {
                throw trouble;
            }
        }
    }

    /** From now on no answer on that connection may take longer. */
    static void limit(Connection connection, Duration limit) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, Math.max(1, limit.toMillis())));
    }

    Connection get() {
        return connection;
    }

    /** Gives it back as it was. What was done on it is done, so trouble with that is nobody's failure. */
    @Override
    public void close() {
        try (connection) {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, limitBefore);
                connection.setAutoCommit(autoCommitBefore);
            }
        } catch (SQLException gone) {
            log.debug("A connection could not be given back", gone);
        }
    }
}
