package io.amends.outbox.relay;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A committed message that Kafka has not acknowledged.
 *
 * @param position its place in the outbox; ascending for each key in commit order
 * @param topic the Kafka topic
 * @param key the Kafka key
 * @param payload the value
 * @param headers the encoded headers
 */
public record OutboxRow(long position, String topic, String key, byte[] payload, byte[] headers) {

    /** The rows that a statement finds, whose first columns are those of this record. */
    static List<OutboxRow> all(PreparedStatement statement) throws SQLException {
        List<OutboxRow> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(of(result));
            }
        }
        return rows;
    }

    /** The present row. */
    static OutboxRow of(ResultSet result) throws SQLException {
        return new OutboxRow(
                result.getLong(1), result.getString(2), result.getString(3), result.getBytes(4), result.getBytes(5));
    }
}
