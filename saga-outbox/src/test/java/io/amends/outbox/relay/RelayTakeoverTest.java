package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.LogWatch;
import io.amends.outbox.StatementSpy;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Promise P8: one owner at a time, and what an owner can do that lost the lane without knowing. */
class RelayTakeoverTest {

    private final RelayBench bench = RelayBench.shared();
    private final String topic = bench.topic(1);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void of_two_relays_only_the_owner_publishes_and_the_other_takes_over_at_once_when_it_is_stopped() {
        Relay first = bench.relay("first");
        Relay second = bench.relay("second");
        first.start();
        await().atMost(LONG).until(() -> bench.laneOwner().equals("first"));
        second.start();
        for (int i = 0; i < 20; i++) {
            bench.append(topic, "k", "before-" + i);
        }
        bench.awaitPublished();
        assertThat(first.stats().published()).isEqualTo(20);
        assertThat(second.stats()).isEqualTo(new RelayStats(0, 0, 0, 0));

        first.stop(LONG);
        bench.append(topic, "k", "after");
        // The lease would have lasted for ten seconds more.
        await().atMost(Duration.ofSeconds(8)).until(() -> bench.pending() == 0);

        assertThat(bench.laneOwner()).isEqualTo("second");
        assertThat(second.stats().published()).isEqualTo(1);
        assertThat(bench.values(topic, "k")).hasSize(21).endsWith("before-19", "after");
    }

    @Test
    void when_the_owner_dies_its_successor_waits_for_the_end_of_the_lease_and_then_takes_over() {
        RelaySettings shortLease = new RelaySettings(
                10,
                Duration.ofMillis(2),
                Duration.ofMillis(20),
                Duration.ofMillis(1_500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                1);
        StatementSpy cut = new StatementSpy(bench.database.dataSource());
        Relay dying = bench.relay("dying", shortLease, cut.dataSource());
        dying.start();
        await().atMost(LONG).until(() -> bench.laneOwner().equals("dying"));
        Relay successor = bench.relay("successor", shortLease);
        successor.start();

        cut.refuse(sql -> true);
        bench.append(topic, "k", "1");
        Instant leaseUntil = leaseUntil();
        bench.awaitPublished();

        assertThat(bench.laneOwner()).isEqualTo("successor");
        assertThat(bench.firstRecordAt(topic)).isAfterOrEqualTo(leaseUntil).isBefore(leaseUntil.plusSeconds(10));
        assertThat(bench.values(topic, "k")).containsExactly("1");
    }

    @Test
    void a_paused_owner_that_lost_the_lane_notes_nothing_stands_by_and_later_resumes() throws Exception {
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        AtomicBoolean once = new AtomicBoolean();
        SourceSpy source = new SourceSpy(bench.source()).beforeAcknowledged(positions -> {
            if (once.compareAndSet(false, true)) {
                paused.countDown();
                awaitQuietly(awake);
            }
        });
        Relay relay = bench.relay("paused", RelayBench.QUICK, bench.database.dataSource(), source, bench::producer);
        bench.append(topic, "k", "1", "2");
        relay.start();
        paused.await();

        bench.steal(Duration.ofHours(1));
        try (LogWatch log = LogWatch.of(Relay.class.getName())) {
            awake.countDown();
            await().atMost(LONG).until(() -> relay.stats().fenced() == 1);
            await().atMost(LONG).until(() -> !log.lines().isEmpty());
            assertThat(log.lines())
                    .containsExactly("WARN Lane 0 has another owner than paused with epoch 1; this relay stands by");
        }
        assertThat(bench.pending()).isEqualTo(2);
        int readsOfTheFormerOwner = source.reads();
        bench.append(topic, "k", "3");

        bench.steal(Duration.ofMillis(-1));
        bench.awaitPublished();
        assertThat(source.reads()).isGreaterThan(readsOfTheFormerOwner);
        assertThat(bench.laneOwner()).isEqualTo("paused");
        assertThat(bench.values(topic, "k")).containsExactly("1", "2", "1", "2", "3");
        assertThat(relay.stats().fenced()).isEqualTo(1);
    }

    private Instant leaseUntil() {
        return Objects.requireNonNull(
                        bench.database.jdbc().queryForObject("select lease_until from saga_lane", OffsetDateTime.class))
                .toInstant();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
