package io.amends.outbox.relay;

import io.amends.outbox.HeaderCodec;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The process that {@link ProducerModesKills} kills: reads chunks, publishes them by the real publisher, and notes how far it
 * came, after each chunk or at most every so many milliseconds.
 */
final class KilledRelay {

    static final String DRAINS = "drains";

    private static final int CHUNK = 1_000;

    private KilledRelay() {}

    /** Arguments: mode, JDBC address, user, password, brokers, topic, least milliseconds between two notes. */
    public static void main(String[] arguments) throws Exception {
        ProducerMode mode = ProducerMode.valueOf(arguments[0]);
        String topic = arguments[5];
        Duration lag = Duration.ofMillis(Long.parseLong(arguments[6]));
        Publisher publisher = Publishers.of(mode, Map.of("bootstrap.servers", arguments[4]), topic)
                .forLane(0);
        try (Connection connection = DriverManager.getConnection(arguments[1], arguments[2], arguments[3])) {
            open(publisher);
            long at = noted(connection);
            long lastNote = System.nanoTime();
            boolean said = false;
            List<OutboxRow> rows = read(connection, topic, at);
            while (!rows.isEmpty()) {
                open(publisher);
                publisher.send(rows);
                Publisher.Sent sent = publisher.await(Duration.ofSeconds(10), () -> true);
                if (sent.acknowledged().size() == rows.size()) {
                    at = rows.get(rows.size() - 1).position();
                }
                if (System.nanoTime() - lastNote >= lag.toNanos()) {
                    note(connection, at);
                    lastNote = System.nanoTime();
                }
                if (!said) {
                    System.out.println(DRAINS);
                    said = true;
                }
                rows = read(connection, topic, at);
            }
            note(connection, at);
        }
        publisher.close();
        System.exit(0);
    }

    private static void open(Publisher publisher) {
        for (int attempt = 0; !publisher.isOpen() && attempt < 30; attempt++) {
            try {
                publisher.open();
            } catch (TimeoutException slow) {
                System.out.println("Kafka does not answer yet: " + slow.getMessage());
            }
        }
    }

    private static long noted(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select position from noted")) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void note(Connection connection, long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("update noted set position = ?")) {
            statement.setLong(1, position);
            statement.executeUpdate();
        }
    }

    private static byte[] headers(long position) {
        return HeaderCodec.encode(Map.of("position", String.valueOf(position).getBytes(StandardCharsets.UTF_8)));
    }

    private static List<OutboxRow> read(Connection connection, String topic, long after) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select position, payload from rows where position > ? order by position limit " + CHUNK)) {
            statement.setLong(1, after);
            List<OutboxRow> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    long position = result.getLong(1);
                    rows.add(new OutboxRow(
                            position, topic, "key-" + position % 1_000, result.getBytes(2), headers(position)));
                }
            }
            return rows;
        }
    }
}
