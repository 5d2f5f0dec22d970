package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Behind a PgBouncer that lends connections for a transaction no notification arrives and no session is one's own. To look is
 * enough: all is published, in order, by whoever has the lane.
 */
class RelayBehindPoolerTest {

    private static final int CONNECTIONS = 3;
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");
    private static final int ROUNDS = 20;
    private static final RelaySettings SETTINGS = new RelaySettings(
            50, Duration.ofMillis(2), Duration.ofMillis(50), Duration.ofSeconds(4), LONG, Duration.ofSeconds(1), 2);

    @TempDir
    Path folder;

    @BeforeAll
    static void findPgBouncer() {
        assumeTrue(
                PgBouncer.isThere(), "pgbouncer is not on the PATH, so nothing is tried behind a pooler. Install it.");
    }

    @ParameterizedTest
    @EnumSource(ReadMode.class)
    void all_is_found_by_looking_in_the_order_of_each_key_while_relays_come_and_go(ReadMode mode) throws Exception {
        try (RelayBench bench = RelayBench.shared(mode);
                PgBouncer pooler = PgBouncer.start(folder, CONNECTIONS);
                HikariDataSource pool = pooler.pool(database(bench), 12)) {
            String topic = bench.topic(2);
            bench.database.jdbc().execute("create table counter (key text primary key, value int not null)");
            KEYS.forEach(key -> bench.database.jdbc().update("insert into counter values (?, 0)", key));
            Relay first = bench.relay("first", SETTINGS, pool);
            Relay second = bench.relay("second", SETTINGS, pool);
            WakeUps wakeUps = new WakeUps(pool, second, Duration.ofMillis(20));
            wakeUps.start();
            try {
                first.start();
                await().atMost(LONG).until(() -> bench.laneOwner().equals("first"));
                write(pool, wakeUps, topic, () -> {
                    second.start();
                    await().atMost(LONG).until(() -> bench.laneOwner().equals("first, second"));
                    first.stop(LONG);
                    await().atMost(LONG).until(() -> bench.laneOwner().equals("second"));
                });
                write(pool, wakeUps, topic, () -> {});
                bench.awaitPublished();
            } finally {
                wakeUps.stop();
            }

            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isGreaterThan(CONNECTIONS);
            assertThat(sessions(bench)).as("of which each is lent to many").isBetween(1L, (long) CONNECTIONS);
            for (String key : KEYS) {
                assertThat(bench.values(topic, key).stream().distinct())
                        .as(key)
                        .containsExactlyElementsOf(IntStream.rangeClosed(1, 2 * ROUNDS)
                                .mapToObj(String::valueOf)
                                .toList());
            }
        }
    }

    /** Each key's row is counted up by several threads at once, each time with a message of the new value. */
    private static void write(HikariDataSource pool, WakeUps wakeUps, String topic, Runnable meanwhile)
            throws Exception {
        JdbcOutbox outbox = new JdbcOutbox(pool, OutboxLimits.DEFAULT, wakeUps);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        JdbcTemplate jdbc = new JdbcTemplate(pool);
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                for (String key : KEYS) {
                    written.add(writers.submit(() -> transaction.executeWithoutResult(status -> {
                        String value = jdbc.queryForObject(
                                "update counter set value = value + 1 where key = ? returning value::text",
                                String.class,
                                key);
                        outbox.append(RelayBench.message(topic, key, value));
                    })));
                }
            }
            meanwhile.run();
            for (Future<?> one : written) {
                one.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private static String database(RelayBench bench) {
        return bench.database.jdbc().queryForObject("select current_database()", String.class);
    }

    /** The server's sessions behind the pooler, which has them bear the name of whoever uses them. */
    private static long sessions(RelayBench bench) {
        Long count = bench.database.jdbc().queryForObject("""
                select count(*) from pg_stat_activity
                 where datname = current_database() and application_name = ?""", Long.class, PgBouncer.NAME);
        return count == null ? -1 : count;
    }
}
