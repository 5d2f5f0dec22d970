package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.LogWatch;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Promise P9: servers go away while rows pend, and return. */
@ParameterizedClass
@EnumSource(ReadMode.class)
class RelayOutageTest {

    private static final RelaySettings SETTINGS = settings(Duration.ofSeconds(10));

    private static RelaySettings settings(Duration lease) {
        return new RelaySettings(
                50,
                Duration.ofMillis(2),
                Duration.ofMillis(50),
                lease,
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                2);
    }

    private static final List<String> KEYS = List.of("a", "b", "c");

    private final AtomicInteger next = new AtomicInteger();
    private final ReadMode mode;
    private LogWatch log;

    RelayOutageTest(ReadMode mode) {
        this.mode = mode;
    }

    @BeforeEach
    void watch() {
        log = LogWatch.of("io.amends.outbox.relay");
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void kafka_goes_away_and_returns_the_relay_says_both_once_and_loses_no_lease_and_loses_and_reorders_nothing() {
        Duration lease = Duration.ofSeconds(3);
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start();
                RelayBench bench = RelayBench.on(EmbeddedPostgresServer.shared(), broker, mode)) {
            String topic = bench.topic(2);
            SourceSpy source = new SourceSpy(bench.source());
            Unanswered unanswered = new Unanswered();
            Relay relay = bench.relay(
                    "one", settings(lease), bench.database.dataSource(), source, () -> unanswered.of(bench.producer()));
            relay.start();
            append(bench, topic);
            bench.awaitPublished();
            List<Long> epochs = epochs(bench);

            append(bench, topic);
            broker.stop();
            long gone = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                append(bench, topic);
            }
            await().atMost(LONG).until(() -> !said("waits and tries again").isEmpty());
            int reads = source.reads();
            await().atMost(LONG).until(() -> source.reads() > reads + 2 && System.nanoTime() - gone > lease.toNanos());
            assertThat(bench.pending()).isPositive();
            assertThat(said("resumed")).isEmpty();

            broker.restart();
            append(bench, topic);
            bench.awaitPublished();
            assertComplete(bench, topic);
            await().atMost(LONG).until(() -> !said("resumed").isEmpty());
            assertThat(said("waits and tries again")).hasSize(1);
            assertThat(said("resumed")).containsExactly("INFO The relay resumed");
            assertThat(epochs(bench)).isEqualTo(epochs);
            assertThat(relay.stats().fenced()).isZero();
            assertThat(unanswered.most.get())
                    .as("what is in memory: a chunk of each lane")
                    .isBetween(1, 2 * SETTINGS.chunkSize());
        }
    }

    /** How many records were handed to producers that had not answered yet. */
    private static final class Unanswered {

        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @SuppressWarnings("unchecked")
        Producer<byte[], byte[]> of(Producer<byte[], byte[]> producer) {
            return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                    Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("send")) {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            Callback answered = (Callback) arguments[1];
                            arguments[1] = (Callback) (record, trouble) -> {
                                now.decrementAndGet();
                                answered.onCompletion(record, trouble);
                            };
                        }
                        try {
                            return method.invoke(producer, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }
    }

    @Test
    void a_stop_while_kafka_is_away_ends_within_its_limit() {
        RelaySettings patient = new RelaySettings(
                50, Duration.ofMillis(2), Duration.ofMillis(50), LONG, LONG, Duration.ofMillis(200), 2);
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start();
                RelayBench bench = RelayBench.on(EmbeddedPostgresServer.shared(), broker, mode)) {
            String topic = bench.topic(1);
            Relay relay = bench.relay("one", patient);
            relay.start();
            append(bench, topic);
            bench.awaitPublished();
            broker.stop();
            append(bench, topic);
            long pending = bench.pending();

            long begun = System.nanoTime();
            relay.stop(Duration.ofSeconds(1));
            // The limit, a second in which the client waits for Kafka, and what a busy machine needs; not the half
            // minute that a
            // chunk has.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
            assertThat(said("did not end within")).isEmpty();
            assertThat(bench.pending()).isEqualTo(pending).isPositive();
            assertThat(bench.laneOwner()).isEqualTo("nobody");
        }
    }

    @Test
    void postgresql_goes_away_and_returns_the_relay_says_both_and_loses_and_reorders_nothing() {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start();
                RelayBench bench = RelayBench.on(server, EmbeddedKafkaBroker.shared(), mode)) {
            String topic = bench.topic(2);
            Relay relay = bench.relay("one", SETTINGS);
            append(bench, topic);
            relay.start();
            bench.awaitPublished();

            append(bench, topic);
            server.stop();
            await().atMost(LONG).until(() -> !said("waits and tries again").isEmpty());
            server.restart();
            append(bench, topic);
            bench.awaitPublished();

            assertComplete(bench, topic);
            // A server that shuts down ends one connection after the other, so that a lane may find one that still
            // works, and says twice that it waits; the last time that it goes on may be said after all is published.
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(said("waits and tries again"))
                            .hasSizeBetween(1, 3)
                            .hasSameSizeAs(said("resumed")));
        }
    }

    @Test
    void a_start_while_postgresql_is_away_waits_for_it_once_and_publishes_when_it_returns() {
        List<Thread> asking = new CopyOnWriteArrayList<>();
        AtomicBoolean away = new AtomicBoolean(true);
        try (RelayBench bench = RelayBench.shared(mode)) {
            DataSource database = new DelegatingDataSource(bench.database.dataSource()) {
                @Override
                public Connection getConnection() throws SQLException {
                    asking.add(Thread.currentThread());
                    if (away.get()) {
                        throw new SQLException("no connection, after the pool's 30 seconds");
                    }
                    return super.getConnection();
                }
            };
            String topic = bench.topic(2);
            append(bench, topic);
            Relay relay = bench.relay("one", SETTINGS, database, bench.source(), bench::producer);
            relay.start();
            assertThat(asking).filteredOn(Thread.currentThread()::equals).hasSize(1);

            away.set(false);
            bench.awaitPublished();
            assertComplete(bench, topic);
        }
    }

    /** For each key twenty more values, one transaction a value. */
    private void append(RelayBench bench, String topic) {
        int from = next.getAndAdd(20);
        for (int i = from; i < from + 20; i++) {
            for (String key : KEYS) {
                bench.append(topic, key, String.valueOf(i));
            }
        }
    }

    private void assertComplete(RelayBench bench, String topic) {
        List<String> all =
                IntStream.range(0, next.get()).mapToObj(String::valueOf).toList();
        for (String key : KEYS) {
            assertThat(bench.values(topic, key).stream().distinct()).as(key).containsExactlyElementsOf(all);
        }
    }

    /** They rise when an owner changes. */
    private static List<Long> epochs(RelayBench bench) {
        return bench.database.jdbc().queryForList("select epoch from saga_lane order by lane", Long.class);
    }

    private List<String> said(String part) {
        return log.lines().stream().filter(line -> line.contains(part)).toList();
    }
}
