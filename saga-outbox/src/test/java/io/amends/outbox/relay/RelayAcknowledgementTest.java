package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static io.amends.outbox.relay.RelayBench.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.StatementSpy;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise P3: when a row counts as published, and what that costs. */
class RelayAcknowledgementTest {

    private static final Map<String, String> SUBJECTS = Map.ofEntries(
            Map.entry("pg_is_in_recovery", "guard"),
            Map.entry("insert into saga_relay", "heartbeat"),
            Map.entry("epoch = epoch + 1", "acquire"),
            Map.entry("insert into saga_server_run", "server run"),
            Map.entry("coalesce(cut_position", "open"),
            Map.entry("l.lane = ? and k.blocked_by is null", "released"),
            Map.entry("freed as", "freed"),
            Map.entry("saga_outbox_fresh", "fresh"),
            Map.entry("set published_to", "cursor"),
            Map.entry("lease_until = '-infinity'", "release"),
            Map.entry("delete from saga_relay where owner = ?", "leave"));

    private final RelayBench bench = RelayBench.shared();
    private final String topic = bench.topic(2);
    private final PendingSetSource rows = new PendingSetSource(bench.database.dataSource());

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void rows_are_noted_as_published_only_when_kafka_has_acknowledged_them() {
        List<Long> noted = new CopyOnWriteArrayList<>();
        List<Runnable> held = new CopyOnWriteArrayList<>();
        SourceSpy source = new SourceSpy(rows).beforeAcknowledged(noted::addAll);
        bench.append(topic, "k", "1", "2", "3");

        bench.relay("one", QUICK, bench.database.dataSource(), source, () -> holding(bench.producer(), held))
                .start();
        await().atMost(LONG).until(() -> held.size() == 3);
        await().atMost(LONG).during(Duration.ofMillis(300)).until(noted::isEmpty);
        assertThat(bench.pending()).isEqualTo(3);

        held.forEach(Runnable::run);
        bench.awaitPublished();
        assertThat(noted).hasSize(3);
        assertThat(bench.values(topic, "k")).containsExactly("1", "2", "3");
    }

    @Test
    void what_it_is_told_of_while_kafka_has_not_answered_is_read_by_then() {
        List<Runnable> held = new CopyOnWriteArrayList<>();
        SourceSpy source = new SourceSpy(new SnapshotDeltaSource(bench.database.dataSource()));
        Duration pause = Duration.ofSeconds(20);
        RelaySettings patient = new RelaySettings(10, pause, pause, LONG, LONG, pause, 1);
        bench.append(topic, "k", "1");
        Relay relay =
                bench.relay("one", patient, bench.database.dataSource(), source, () -> holding(bench.producer(), held));
        relay.start();
        await().atMost(LONG).until(() -> held.size() == 1);

        bench.append(topic, "k", "2");
        relay.wake();
        await().atMost(LONG).until(() -> source.reads() == 2);
        assertThat(held).hasSize(1);

        held.get(0).run();
        await().atMost(LONG).until(() -> held.size() == 2);
        assertThat(source.reads()).isEqualTo(2);
        held.get(1).run();
        bench.awaitPublished();
        assertThat(bench.values(topic, "k")).containsExactly("1", "2");
    }

    @Test
    void how_far_it_is_is_written_down_while_kafka_has_the_next_chunk() {
        StatementSpy spy = new StatementSpy(bench.database.dataSource());
        int chunk = 500;
        bench.append(
                topic,
                "k",
                IntStream.rangeClosed(1, 2 * chunk).mapToObj(String::valueOf).toArray(String[]::new));
        List<Runnable> held = new CopyOnWriteArrayList<>();
        RelaySettings settings = new RelaySettings(chunk, LONG, LONG, LONG, LONG, LONG, 1);
        bench.relay(
                        "one",
                        settings,
                        spy.dataSource(),
                        new SnapshotDeltaSource(spy.dataSource()),
                        () -> holding(bench.producer(), held))
                .start();
        await().atMost(LONG).until(() -> held.size() == chunk);

        // The cursor's table is locked, so that what waits for the cursor would not be sent.
        bench.database.transaction().executeWithoutResult(status -> {
            bench.database.jdbc().execute("lock table saga_lane in share mode");
            held.forEach(Runnable::run);
            await().atMost(LONG).until(() -> held.size() == 2 * chunk);
        });
        await().atMost(LONG).until(() -> spy.count("set published_to") == 1);
        held.subList(chunk, 2 * chunk).forEach(Runnable::run);
        bench.awaitPublished();
    }

    /** A real producer, behind somebody who keeps what is sent until it is run. */
    @SuppressWarnings("unchecked")
    private static Producer<byte[], byte[]> holding(Producer<byte[], byte[]> real, List<Runnable> held) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (self, method, arguments) -> {
                    if (method.getName().equals("send")) {
                        held.add(() ->
                                real.send((ProducerRecord<byte[], byte[]>) arguments[0], (Callback) arguments[1]));
                        return null;
                    }
                    return method.invoke(real, arguments);
                });
    }

    @Test
    void after_a_chunk_that_was_everything_it_reads_again_when_woken_and_not_in_vain() {
        SourceSpy source = new SourceSpy(rows);
        Duration pause = Duration.ofSeconds(20);
        RelaySettings patient = new RelaySettings(2, pause, pause, LONG, LONG, pause, 1);
        bench.append(topic, "k", "1", "2", "3");
        Relay relay = bench.relay("one", patient, bench.database.dataSource(), source, bench::producer);
        relay.start();
        bench.awaitPublished();
        await().atMost(LONG).during(Duration.ofMillis(300)).until(() -> source.reads() == 2);

        bench.append(topic, "k", "4");
        relay.wake();
        bench.awaitPublished();
        await().atMost(LONG).during(Duration.ofMillis(300)).until(() -> source.reads() == 3);
    }

    @Test
    void rows_that_it_is_told_of_do_not_make_it_look_more_often_and_others_do() {
        SourceSpy source = new SourceSpy(rows);
        RelaySettings eager = new RelaySettings(
                10, Duration.ofMillis(1), Duration.ofSeconds(4), LONG, LONG, Duration.ofSeconds(1), 1);
        Relay relay = bench.relay("one", eager, bench.database.dataSource(), source, bench::producer);
        relay.start();
        await().atMost(LONG).until(() -> source.reads() >= 11);

        int before = source.reads();
        for (int value = 1; value <= 3; value++) {
            bench.append(topic, "k", String.valueOf(value));
            relay.wake();
            bench.awaitPublished();
        }
        // One for each, and what a busy machine leaves time for; each would be followed by ten more.
        assertThat(source.reads() - before).isLessThanOrEqualTo(9);

        bench.append(topic, "k", "4");
        bench.awaitPublished();
        int found = source.reads();
        await().atMost(LONG).until(() -> source.reads() >= found + 7);
    }

    @Test
    void after_a_crash_between_sending_and_noting_rows_are_published_again_and_none_is_lost() {
        AtomicBoolean crashed = new AtomicBoolean();
        SourceSpy source = new SourceSpy(rows).beforeAcknowledged(positions -> {
            if (crashed.compareAndSet(false, true)) {
                throw new SQLException("the connection is gone");
            }
        });
        bench.append(topic, "k", "1", "2", "3");

        Relay relay = relay(source);
        relay.start();
        bench.awaitPublished();

        assertThat(bench.values(topic, "k")).containsExactly("1", "2", "3", "1", "2", "3");
        assertThat(relay.stats().published()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_000})
    void statements_and_commits_do_not_grow_with_the_chunk(int size) {
        StatementSpy spy = new StatementSpy(bench.database.dataSource());
        Relay relay = bench.relay("one", QUICK, spy.dataSource());
        bench.append(topic, "k", values(size));

        relay.start();
        relay.stop(LONG);

        assertThat(bench.pending()).isZero();
        assertThat(relay.stats().published()).isEqualTo(size);
        // Each is its own commit; heartbeats come as time passes.
        assertThat(spy.prepared().stream()
                        .map(RelayAcknowledgementTest::subject)
                        .filter(subject -> !subject.equals("heartbeat")))
                .containsExactlyInAnyOrder(
                        "guard",
                        "acquire",
                        "server run",
                        "open",
                        "released",
                        "freed",
                        "fresh",
                        "fresh",
                        "cursor",
                        "release",
                        "leave");
    }

    /** Only then may their segment be emptied. */
    @Test
    void rows_that_fill_their_last_chunk_are_noted_as_published_though_nothing_else_comes() {
        RelaySettings pairs = new RelaySettings(
                2, QUICK.pollMin(), QUICK.pollMax(), LONG, LONG, QUICK.absentTopicRetry(), QUICK.lanes());
        bench.append(topic, "k", "1", "2", "3", "4");
        bench.relay("one", pairs).start();

        bench.awaitPublished();
        await().atMost(LONG).until(() -> bench.database.count("saga_outbox_segments() where unpublished") == 0);
    }

    @Test
    void a_pool_whose_connections_do_not_commit_by_themselves_serves_as_well() {
        HikariDataSource manual = new HikariDataSource();
        HikariDataSource pool = (HikariDataSource) bench.database.dataSource();
        manual.setJdbcUrl(pool.getJdbcUrl());
        manual.setUsername(pool.getUsername());
        manual.setPassword(pool.getPassword());
        manual.setMaximumPoolSize(3);
        manual.setAutoCommit(false);
        try (manual) {
            bench.append(topic, "k", "1", "2", "3");
            Relay relay = bench.relay("one", QUICK, manual);
            relay.start();
            bench.awaitPublished();
            assertThat(bench.laneOwner()).isEqualTo("one");
            relay.stop(LONG);
        }
        assertThat(bench.values(topic, "k")).containsExactly("1", "2", "3");
        assertThat(bench.laneOwner()).isEqualTo("nobody");
    }

    @Test
    void an_error_of_the_virtual_machine_does_not_end_publication() {
        SourceSpy source = new SourceSpy(rows).beforeRead(read -> {
            if (read == 2) {
                throw new NoClassDefFoundError("thrown by the test");
            }
        });
        Relay relay = relay(source);
        relay.start();
        bench.append(topic, "k", "1");
        bench.awaitPublished();
        await().atMost(LONG).until(() -> source.reads() > 3);
        bench.append(topic, "k", "2");
        bench.awaitPublished();
        assertThat(bench.values(topic, "k")).containsExactly("1", "2");
    }

    private static String subject(String sql) {
        return SUBJECTS.entrySet().stream()
                .filter(part -> sql.contains(part.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(sql);
    }

    private Relay relay(OutboxSource source) {
        return bench.relay("one", QUICK, bench.database.dataSource(), source, bench::producer);
    }

    private static String[] values(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toArray(String[]::new);
    }
}
