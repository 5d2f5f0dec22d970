package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.StatementSpy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Promises P6, P8 and P9: relays of several processes share the lanes, and what becomes of them when one is gone. */
class RelayLanesTest {

    private static final Duration LEASE = Duration.ofSeconds(2);

    /** What a machine may need for itself meanwhile. */
    private static final Duration BUSY = Duration.ofSeconds(4);

    private static final RelaySettings SETTINGS = new RelaySettings(
            100, Duration.ofMillis(2), Duration.ofMillis(20), LEASE, Duration.ofSeconds(10), Duration.ofSeconds(1), 6);

    private final RelayBench bench = RelayBench.shared();
    private final String topic = bench.topic(3);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void lanes_are_shared_out_fairly_as_relays_come_and_go_and_nothing_is_lost_or_mixed_up() {
        Relay first = bench.relay("first", SETTINGS);
        first.start();
        await().atMost(LONG).until(() -> lanes().equals(Map.of("first", 6L)));
        write(0, 20);
        Relay second = bench.relay("second", SETTINGS);
        second.start();
        write(20, 40);
        await().atMost(LONG).until(() -> lanes().equals(Map.of("first", 3L, "second", 3L)));
        Relay third = bench.relay("third", SETTINGS);
        third.start();
        write(40, 60);
        await().atMost(LONG).until(() -> lanes().equals(Map.of("first", 2L, "second", 2L, "third", 2L)));
        first.stop(LONG);
        write(60, 80);
        await().atMost(LONG).until(() -> lanes().equals(Map.of("second", 3L, "third", 3L)));
        write(80, 100);

        bench.awaitPublished();
        assertComplete(100);
        assertThat(third.stats().published()).isPositive();
    }

    @Test
    void lanes_of_a_relay_that_dies_are_taken_over_within_two_leases() {
        StatementSpy cut = new StatementSpy(bench.database.dataSource());
        Relay dying = bench.relay("dying", SETTINGS, cut.dataSource());
        Relay successor = bench.relay("successor", SETTINGS);
        dying.start();
        successor.start();
        await().atMost(LONG).until(() -> lanes().equals(Map.of("dying", 3L, "successor", 3L)));

        cut.refuse(sql -> true);
        long died = System.nanoTime();
        write(0, 5);
        await().atMost(LEASE.multipliedBy(2).plus(BUSY)).until(() -> lanes().equals(Map.of("successor", 6L)));
        bench.awaitPublished();
        assertComplete(5);
        assertThat(Duration.ofNanos(System.nanoTime() - died))
                .isLessThan(LEASE.multipliedBy(3).plus(BUSY));
    }

    @Test
    void neither_a_saturated_machine_nor_an_exhausted_pool_costs_a_lease() throws SQLException {
        HikariDataSource pool = new HikariDataSource();
        HikariDataSource shared = (HikariDataSource) bench.database.dataSource();
        pool.setJdbcUrl(shared.getJdbcUrl());
        pool.setUsername(shared.getUsername());
        pool.setPassword(shared.getPassword());
        pool.setMaximumPoolSize(4);
        pool.setConnectionTimeout(1_000);
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService burners = Executors.newFixedThreadPool(4 * processors);
        AtomicBoolean burning = new AtomicBoolean(true);
        List<Connection> taken = new ArrayList<>();
        try (pool) {
            Relay relay = bench.relay("busy", SETTINGS, pool);
            relay.start();
            await().atMost(LONG).until(() -> lanes().equals(Map.of("busy", 6L)));
            Map<Integer, Long> epochs = epochs();

            IntStream.range(0, 4 * processors)
                    .forEach(burner -> burners.execute(() -> {
                        long spun = 0;
                        while (burning.get()) {
                            spun++;
                        }
                        assertThat(spun).isPositive();
                    }));
            // All but the heartbeat's own and the one that a reader keeps.
            await().atMost(LONG).ignoreExceptions().until(() -> taken.add(pool.getConnection()) && taken.size() == 2);
            long since = System.nanoTime();
            await().atMost(LONG)
                    .until(() ->
                            System.nanoTime() - since > LEASE.multipliedBy(2).toNanos());
            assertThat(epochs()).isEqualTo(epochs);
            for (Connection connection : taken) {
                connection.close();
            }
            write(0, 5);
            bench.awaitPublished();
            assertComplete(5);
            assertThat(epochs()).isEqualTo(epochs);
            assertThat(relay.stats().fenced()).isZero();
            relay.stop(LONG);
        } finally {
            burning.set(false);
            burners.shutdownNow();
        }
    }

    /** For each of twelve keys the values of that range, one transaction a value. */
    private void write(int from, int to) {
        for (int value = from; value < to; value++) {
            for (int key = 0; key < 12; key++) {
                bench.append(topic, "k" + key, String.valueOf(value));
            }
        }
    }

    private void assertComplete(int count) {
        List<String> all = IntStream.range(0, count).mapToObj(String::valueOf).toList();
        Map<String, List<String>> arrived = bench.arrived(topic).stream()
                .collect(Collectors.groupingBy(
                        RelayBench.Arrived::key, Collectors.mapping(RelayBench.Arrived::value, Collectors.toList())));
        assertThat(arrived).hasSize(12);
        arrived.forEach(
                (key, values) -> assertThat(values.stream().distinct()).as(key).containsExactlyElementsOf(all));
    }

    private Map<String, Long> lanes() {
        return bench
                .database
                .jdbc()
                .query(
                        "select owner, count(*) from saga_lane where owner is not null group by owner",
                        (row, number) -> Map.entry(row.getString(1), row.getLong(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Map<Integer, Long> epochs() {
        return bench
                .database
                .jdbc()
                .query("select lane, epoch from saga_lane", (row, number) -> Map.entry(row.getInt(1), row.getLong(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
