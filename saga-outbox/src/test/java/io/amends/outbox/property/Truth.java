package io.amends.outbox.property;

import io.amends.outbox.HeaderCodec;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table {@code truth}: a row a key, whose version is drawn under its lock. Versions that are kept are commit order. */
final class Truth {

    private Truth() {}

    static void create(JdbcTemplate jdbc, int keys) {
        jdbc.execute("create table truth (key text primary key, version bigint not null)");
        jdbc.update("insert into truth select 'k' || n, 0 from generate_series(0, ? - 1) n", keys);
        jdbc.update("insert into truth values ('in-doubt', 0)");
    }

    /** Locks the key and makes its next message. */
    static Message next(Connection connection, String key, boolean refused, String how) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("update truth set version = version + 1 where key = ? returning version")) {
            statement.setString(1, key);
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new IllegalStateException("The test has no key " + key);
                }
                return new Message(UUID.randomUUID(), key, result.getLong(1), refused, how);
            }
        }
    }

    /** Appends without the framework, as an application in another language does. */
    static void insert(Connection connection, String topic, Message message) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
                values (?, ?, ?, 'noted', ?, ?, ?)""")) {
            statement.setObject(1, message.id());
            statement.setString(2, topic);
            statement.setString(3, message.key());
            statement.setBytes(4, message.payload());
            statement.setBytes(5, HeaderCodec.encode(Map.of()));
            statement.setInt(6, Utils.murmur2(message.key().getBytes(StandardCharsets.UTF_8)) & 255);
            statement.executeUpdate();
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
