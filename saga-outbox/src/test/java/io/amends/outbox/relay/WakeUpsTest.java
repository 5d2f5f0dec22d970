package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static io.amends.outbox.relay.RelayBench.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.StatementSpy;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who appends a message wakes the relay that has its lane, wherever that is. */
class WakeUpsTest {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** So lazy that only a wake-up explains what is published soon. */
    private static final RelaySettings LAZY = new RelaySettings(
            1_000, Duration.ofSeconds(60), Duration.ofSeconds(60), LONG, LONG, QUICK.absentTopicRetry(), 2);

    private final RelayBench bench = RelayBench.shared();
    private final String topic = bench.topic(1);
    private final StatementSpy spy = new StatementSpy(bench.database.dataSource());
    private final Relay here = bench.relay("here", LAZY);
    private final Relay there = bench.relay("there", LAZY);
    private final WakeUps sending = new WakeUps(spy.dataSource(), here, PAUSE);
    private final WakeUps listening = new WakeUps(bench.database.dataSource(), there, PAUSE);
    private final JdbcOutbox outbox = new JdbcOutbox(bench.database.dataSource(), OutboxLimits.DEFAULT, sending);

    @AfterEach
    void close() {
        sending.stop();
        listening.stop();
        bench.close();
    }

    @Test
    void messages_are_published_at_once_by_whoever_has_their_lane_and_one_notification_tells_of_many() {
        start();
        spy.forget();
        List<String> keys =
                IntStream.range(0, 50).mapToObj(number -> "k" + number).toList();

        long begun = System.nanoTime();
        keys.forEach(this::append);
        await().atMost(LONG).until(() -> published(here) + published(there) == keys.size());
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(took).isLessThan(Duration.ofSeconds(20));
        assertThat(published(here)).isPositive();
        assertThat(published(there)).isPositive();
        assertThat(spy.count("pg_notify")).as("in %s", took).isBetween(1L, 2 + took.dividedBy(PAUSE));
    }

    @Test
    void nobody_is_told_of_what_the_relay_of_this_process_publishes_itself() {
        sending.start();
        here.start();
        await().atMost(LONG).until(() -> bench.laneOwner().equals("here"));
        append("k1");
        await().atMost(LONG).until(() -> published(here) == 1);
        assertThat(spy.count("pg_notify")).isZero();
    }

    @Test
    void a_listener_whose_connection_was_cut_listens_again() {
        start();
        bench.database.jdbc().queryForList("""
                select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and query ilike 'listen%'""");
        await().atMost(LONG).until(() -> listeners() == 2);
        append("k1");
        append("k2");
        append("k3");
        append("k4");
        await().atMost(LONG).until(() -> published(here) + published(there) == 4);
    }

    @Test
    void a_notification_that_is_not_ours_wakes_all_lanes() {
        assertThat(WakeUps.buckets("hello").cardinality()).isEqualTo(256);
        BitSet one = new BitSet();
        one.set(200);
        assertThat(WakeUps.buckets("00".repeat(25) + "01")).isEqualTo(one);
        assertThat(WakeUps.buckets("").isEmpty()).isTrue();
    }

    private void start() {
        sending.start();
        listening.start();
        here.start();
        there.start();
        await().atMost(LONG).until(() -> bench.laneOwner().equals("here, there"));
        await().atMost(LONG).until(() -> listeners() == 2);
    }

    private int listeners() {
        Integer count = bench.database.jdbc().queryForObject("""
                select count(*) from pg_stat_activity
                 where datname = current_database() and query ilike 'listen%'""", Integer.class);
        return count == null ? 0 : count;
    }

    private static long published(Relay relay) {
        return relay.stats().published();
    }

    private void append(String key) {
        bench.database.transaction().executeWithoutResult(status -> outbox.append(RelayBench.message(topic, key, "v")));
    }
}
