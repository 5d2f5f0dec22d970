package io.amends.outbox.relay;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The process that {@link ProducerModesKills} kills: a relay with the settings of most services. A line on its standard input
 * stops it properly; the end of the stream, which comes when the measuring JVM ends in whatever way, ends it at once.
 */
final class KilledRelay {

    /** What it says once Kafka has acknowledged something. */
    static final String DRAINS = "drains";

    private KilledRelay() {}

    private static RelaySettings fourLanes() {
        RelaySettings others = RelaySettings.DEFAULT;
        return new RelaySettings(
                others.chunkSize(),
                others.pollMin(),
                others.pollMax(),
                others.leaseTime(),
                others.sendTimeout(),
                others.absentTopicRetry(),
                4);
    }

    /** Arguments: how it reads, how it writes, JDBC address, user, password, brokers, name. */
    public static void main(String[] arguments) throws IOException {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(arguments[2]);
        pool.setUsername(arguments[3]);
        pool.setPassword(arguments[4]);
        Map<String, Object> producer = Map.of("bootstrap.servers", arguments[5]);
        Relay relay = new Relay(
                pool,
                ReadMode.valueOf(arguments[0]).source(pool),
                Publishers.of(ProducerMode.valueOf(arguments[1]), producer, "kills-" + arguments[0]),
                fourLanes(),
                arguments[6]);
        relay.start();
        Thread telling = new Thread(() -> tell(relay), "kills-tells");
        telling.setDaemon(true);
        telling.start();
        if (System.in.read() < 0) {
            Runtime.getRuntime().halt(1);
        }
        relay.stop(Duration.ofSeconds(10));
        Runtime.getRuntime().halt(0);
    }

    private static void tell(Relay relay) {
        try {
            while (relay.stats().published() == 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            System.out.println(DRAINS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
