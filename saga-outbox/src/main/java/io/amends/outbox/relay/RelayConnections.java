package io.amends.outbox.relay;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The relay's connections: every statement is its own transaction, also from a pool that is set up otherwise, and none
 * waits for the server without a limit.
 */
final class RelayConnections {

    /** Long enough for the first look at a backlog of millions. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DataSource dataSource;
    private final int limitMillis;

    /** On that database. */
    RelayConnections(DataSource dataSource) {
        this(dataSource, PATIENCE);
    }

    /** On that database, with the longest that one answer may take. */
    RelayConnections(DataSource dataSource, Duration limit) {
        this.dataSource = dataSource;
        this.limitMillis = Math.toIntExact(limit.toMillis());
    }

    /** A connection of the pool, and the limit that it had. */
    record Opened(Connection connection, int before) implements AutoCloseable {

        /** Gives it back as it was. */
        @Override
        public void close() throws SQLException {
            try (connection) {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
            }
        }
    }

    /** A connection of one's own; the caller closes it. Costs no round trip. */
    Opened open() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            connection.setAutoCommit(true);
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, limitMillis);
            return new Opened(connection, before);
        } catch (SQLException | RuntimeException trouble) {
            try (connection) {
                throw trouble;
            }
        }
    }
}
