package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static io.amends.outbox.relay.RelayBench.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayStopTest {

    private final RelayBench bench = RelayBench.shared();
    private final String topic = bench.topic(1);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_stop_publishes_first_what_is_pending_and_gives_the_lease_back() {
        RelaySettings smallChunks =
                new RelaySettings(10, QUICK.pollMin(), QUICK.pollMax(), LONG, LONG, QUICK.absentTopicRetry(), 1);
        String[] values = IntStream.range(0, 200).mapToObj(String::valueOf).toArray(String[]::new);
        bench.append(topic, "k", values);
        Relay relay = bench.relay("one", smallChunks);

        relay.start();
        relay.stop(LONG);

        assertThat(bench.pending()).isZero();
        assertThat(bench.values(topic, "k")).containsExactly(values);
        assertThat(bench.laneOwner()).isEqualTo("nobody");
        assertThat(relay.isRunning()).isFalse();
    }

    @Test
    void a_stop_drains_all_lanes_within_one_limit_and_notes_how_far_each_is() {
        RelaySettings lanes =
                new RelaySettings(10, QUICK.pollMin(), QUICK.pollMax(), LONG, LONG, QUICK.absentTopicRetry(), 4);
        for (int key = 0; key < 40; key++) {
            bench.append(topic, "k" + key, "1", "2", "3", "4", "5", "6", "7", "8", "9");
        }
        Relay relay = bench.relay("one", lanes);
        relay.start();
        assertThat(relay.lanes()).isEqualTo(4);

        relay.stop(LONG);

        assertThat(relay.lanes()).isZero();
        assertThat(bench.pending()).isZero();
        assertThat(bench.database.count("saga_lane where owner is null")).isEqualTo(4);
        assertThat(bench.database.count("saga_relay")).isZero();
        List<RelayBench.Arrived> arrived = bench.arrived(topic);
        assertThat(arrived).hasSize(360).doesNotHaveDuplicates();
    }

    @Test
    void a_stopped_relay_can_be_started_again_and_starting_or_stopping_twice_changes_nothing() {
        Relay relay = bench.relay("one");
        relay.stop(LONG);
        relay.start();
        relay.start();
        assertThat(relay.isRunning()).isTrue();
        relay.stop(LONG);
        relay.stop(LONG);
        assertThat(relay.isRunning()).isFalse();

        relay.start();
        assertThat(relay.isRunning()).isTrue();
        bench.append(topic, "k", "1");
        bench.awaitPublished();
        bench.append(topic, "k", "2");
        bench.awaitPublished();
        assertThat(bench.values(topic, "k")).containsExactly("1", "2");
    }

    @Test
    void a_wake_up_ends_a_pause_long_before_its_end() {
        RelaySettings lazy = new RelaySettings(
                100, Duration.ofSeconds(30), Duration.ofSeconds(30), LONG, LONG, QUICK.absentTopicRetry(), 1);
        SourceSpy source = new SourceSpy(bench.source());
        Relay relay = bench.relay("one", lazy, bench.database.dataSource(), source, bench::producer);
        JdbcOutbox waking = new JdbcOutbox(bench.database.dataSource(), OutboxLimits.DEFAULT, relay::wake);
        relay.start();
        await().atMost(LONG).until(() -> source.reads() == 1);

        for (int i = 1; i <= 3; i++) {
            String value = String.valueOf(i);
            bench.database
                    .transaction()
                    .executeWithoutResult(status -> waking.append(RelayBench.message(topic, "k", value)));
            // Not by what is pending: how far the lane is, is noted only now and then.
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bench.values(topic, "k").contains(value));
        }
        assertThat(bench.values(topic, "k")).containsExactly("1", "2", "3");
    }

    @Test
    void a_call_that_outlasts_the_limit_is_interrupted_and_the_lease_is_given_back_all_the_same() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        SourceSpy source = new SourceSpy(bench.source()).beforeAcknowledged(positions -> {
            reached.countDown();
            try {
                never.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted, as a connection pool says it", interrupted);
            }
        });
        Relay relay = bench.relay("one", QUICK, bench.database.dataSource(), source, bench::producer);
        bench.append(topic, "k", "1");
        relay.start();
        await().atMost(LONG).until(() -> reached.getCount() == 0);

        relay.stop(Duration.ofMillis(100));

        assertThat(bench.laneOwner()).isEqualTo("nobody");
        assertThat(bench.pending()).isEqualTo(1);
    }

    @Test
    void a_relay_whose_thread_hangs_beyond_its_stop_is_not_started_a_second_time() {
        CountDownLatch released = new CountDownLatch(1);
        SourceSpy source = new SourceSpy(bench.source()).beforeRead(read -> awaitWhateverHappens(released));
        Relay relay = bench.relay("one", QUICK, bench.database.dataSource(), source, bench::producer);
        relay.start();
        await().atMost(LONG).until(() -> source.reads() == 1);

        relay.stop(Duration.ofMillis(100));
        assertThat(relay.isRunning()).isFalse();
        assertThatThrownBy(relay::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("still hangs in a call of the database")
                .hasMessageContaining("socketTimeout");

        released.countDown();
        await().atMost(LONG).until(() -> bench.laneOwner().equals("nobody"));
        bench.append(topic, "k", "1");
        await().atMost(LONG).ignoreExceptions().untilAsserted(relay::start);
        bench.awaitPublished();
    }

    private static void awaitWhateverHappens(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignoredAsASocketReadDoes) {
                Thread.interrupted();
            }
        }
    }
}
