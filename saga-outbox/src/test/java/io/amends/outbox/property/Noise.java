package io.amends.outbox.property;

import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Transactions that have an id and stay open: one in the outbox's database, one in another of the cluster. */
final class Noise implements AutoCloseable {

    private final List<Connection> open = new ArrayList<>();

    void begin(EmbeddedPostgresServer server, String jdbcUrl) throws SQLException {
        open(server, jdbcUrl);
        open(server, server.freshDatabase());
    }

    private void open(EmbeddedPostgresServer server, String jdbcUrl) throws SQLException {
        Connection connection = DriverManager.getConnection(jdbcUrl, server.username(), server.password());
        open.add(connection);
        connection.setAutoCommit(false);
        Truth.execute(connection, "create table noise ()");
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : open) {
            connection.rollback();
            connection.close();
        }
        open.clear();
    }
}
