package io.amends.outbox.relay;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Connections on which every statement is its own transaction, also from a pool that is set up otherwise. */
final class Autocommit {

    private Autocommit() {}

    /** A connection of one's own; the caller closes it. Costs no round trip. */
    static Connection open(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException | RuntimeException trouble) {
            try (connection) {
                throw trouble;
            }
        }
    }
}
