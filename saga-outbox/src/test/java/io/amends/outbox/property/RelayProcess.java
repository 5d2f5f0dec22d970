package io.amends.outbox.property;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;
import io.amends.outbox.relay.Relay;
import io.amends.outbox.relay.RelayOfMode;
import io.amends.outbox.relay.RelaySettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * A relay as a process of its own. It is told what to do by its standard input: a line stops it properly, and the end of
 * the stream, which comes when the test's JVM ends in whatever way, ends it at once. The one place that knows how the
 * framework's relay is made.
 */
final class RelayProcess {

    /** So that a relay that is paused for a little longer loses its lanes. */
    static final Duration LEASE = Duration.ofMillis(1_500);

    private static final int LANES = 3;

    private RelayProcess() {}

    /** Arguments: name, JDBC address, user, password, brokers, how it reads, how it writes, chunk size. */
    public static void main(String[] arguments) throws IOException {
        String name = arguments[0];
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(arguments[1] + "?socketTimeout=5&ApplicationName=" + name);
        pool.setUsername(arguments[2]);
        pool.setPassword(arguments[3]);
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(2_000);
        Map<String, Object> producer = Map.of("bootstrap.servers", arguments[4], "client.id", name);
        Relay relay = RelayOfMode.make(
                pool,
                ReadMode.valueOf(arguments[5]),
                ProducerMode.valueOf(arguments[6]),
                producer,
                arguments[1].substring(arguments[1].lastIndexOf('/') + 1),
                settings(Integer.parseInt(arguments[7])),
                name);
        relay.start();
        if (System.in.read() < 0) {
            Runtime.getRuntime().halt(1);
        }
        relay.stop(Duration.ofSeconds(2));
        Runtime.getRuntime().halt(0);
    }

    static RelaySettings settings(int chunkSize) {
        return new RelaySettings(
                chunkSize,
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                LEASE,
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                LANES);
    }
}
