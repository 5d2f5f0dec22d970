package io.amends.outbox.relay;

import static io.amends.outbox.relay.ProducerMode.IDEMPOTENT;
import static io.amends.outbox.relay.ProducerMode.TRANSACTIONAL;
import static io.amends.outbox.relay.Wire.row;
import static io.amends.outbox.relay.Wire.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.relay.Publisher.Sent;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both producer modes promise, and what only transactions do, on a real broker. */
class PublisherTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int CHUNK = 50;

    private final Wire wire = new Wire(EmbeddedKafkaBroker.shared());

    @AfterEach
    void close() {
        wire.close();
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void a_refused_record_in_the_middle_costs_no_other_record_and_no_order(ProducerMode mode) throws Exception {
        String topic = wire.topic(3, Map.of("max.message.bytes", "2000"));
        List<OutboxRow> rows = new ArrayList<>(rows(topic, 0, 200));
        rows.set(77, row(77, topic, "key-7", "x".repeat(20_000)));
        rows.set(128, row(128, topic, "key-8", "x".repeat(20_000)));
        Publisher publisher = wire.publisher(mode);

        List<Long> refused = publishAll(publisher, rows);

        assertThat(refused).containsExactlyInAnyOrder(77L, 128L);
        assertOrder(topic, 200, refused, mode == IDEMPOTENT);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void that_the_client_cuts_batches_in_vain_is_the_failure_of_no_row(ProducerMode mode) throws Exception {
        String topic = wire.topic(1, Map.of("max.message.bytes", "2000"));
        List<OutboxRow> rows = new ArrayList<>(rows(topic, 0, 20));
        rows.set(7, row(7, topic, "key-7", "x".repeat(20_000)));
        Publisher publisher = wire.publisher(mode, Map.of("linger.ms", 20));

        // Whether the first attempt already finds the row depends on how the client happens to cut.
        List<Long> acknowledged = new ArrayList<>();
        Sent sent = send(publisher, rows);
        while (sent.failure() == null) {
            acknowledged.addAll(sent.acknowledged());
            rows.removeIf(row -> acknowledged.contains(row.position()));
            sent = send(publisher, rows);
        }
        acknowledged.addAll(sent.acknowledged());

        assertThat(sent.failure().row().position()).isEqualTo(7);
        assertThat(acknowledged).hasSize(mode == IDEMPOTENT ? 7 : 0);
    }

    @Test
    void nothing_is_written_behind_a_refused_record() throws Exception {
        assertThat(writtenBehindARefusedOne(Map.of())).isEmpty();
    }

    /** The broken variant: to a broker that does not know a producer yet, a gap in its sequence is none. */
    @Test
    void with_five_requests_in_flight_later_records_would_be_written_behind_a_refused_one() throws Exception {
        // The refusal of the first may come before the others are handed to the client; then it is tried again.
        List<String> written = List.of();
        for (int attempt = 0; attempt < 10 && written.isEmpty(); attempt++) {
            written = writtenBehindARefusedOne(Map.of("max.in.flight.requests.per.connection", 5));
        }
        assertThat(written).isNotEmpty();
    }

    /** By a new producer, whose first batch is refused; each record is a batch. */
    private List<String> writtenBehindARefusedOne(Map<String, Object> extra) throws Exception {
        String topic = wire.topic(1, Map.of("max.message.bytes", "2000"));
        Map<String, Object> settings = new HashMap<>(extra);
        settings.put("batch.size", 400);
        List<OutboxRow> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(row(i, topic, "k", "x".repeat(i == 0 ? 3_000 : 300)));
        }
        Publisher publisher = wire.publisher(IDEMPOTENT, settings);
        publisher.open();
        // The client knows the topic, so that all records are on their way at once.
        assertThat(publisher.obstacle(topic)).isEmpty();
        assertThat(send(publisher, rows).failure()).isNotNull();
        return wire.committed(topic).getOrDefault("k", List.of());
    }

    @Test
    void nothing_of_a_chunk_with_a_refused_record_is_visible() throws Exception {
        String topic = wire.topic(3, Map.of("max.message.bytes", "2000"));
        List<OutboxRow> rows = new ArrayList<>(rows(topic, 0, 20));
        rows.add(row(20, topic, "big", "x".repeat(20_000)));
        Publisher publisher = wire.publisher(TRANSACTIONAL, Map.of("linger.ms", 20));

        Sent sent = send(publisher, rows);
        while (sent.failure() == null) {
            sent = send(publisher, rows);
        }

        assertThat(sent.acknowledged()).isEmpty();
        assertThat(sent.failure().row().position()).isEqualTo(20);
        assertThat(publisher.isOpen()).isTrue();
        assertThat(wire.committed(topic)).isEmpty();
        assertThat(send(publisher, rows.subList(0, 20)).acknowledged()).hasSize(20);
        assertOrder(topic, 20, List.of(), false);
    }

    @Test
    void a_former_owner_that_wakes_up_after_its_successor_has_opened_can_not_write() throws Exception {
        String topic = wire.topic(3);
        Publisher former = wire.publisher(TRANSACTIONAL);
        Publisher successor = wire.publisher(TRANSACTIONAL);
        send(former, rows(topic, 0, 10));
        former.send(rows(topic, 10, 20), () -> {});

        successor.open();
        assertThatThrownBy(() -> former.await(LONG, () -> true))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("-lane-0");
        assertThat(former.isOpen()).isFalse();
        assertThatThrownBy(() -> former.send(rows(topic, 10, 20), () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("open() first");

        assertThat(send(successor, rows(topic, 10, 30)).acknowledged()).hasSize(20);
        assertOrder(topic, 30, List.of(), false);
    }

    @Test
    void a_former_owner_between_two_chunks_is_fenced_too() throws Exception {
        String topic = wire.topic(3);
        Publisher former = wire.publisher(TRANSACTIONAL);
        Publisher successor = wire.publisher(TRANSACTIONAL);
        send(former, rows(topic, 0, 10));

        assertThat(send(successor, rows(topic, 10, 20)).acknowledged()).hasSize(10);
        assertThatThrownBy(() -> send(former, rows(topic, 10, 30))).isInstanceOf(FencedException.class);

        assertThat(send(successor, rows(topic, 20, 30)).acknowledged()).hasSize(10);
        assertOrder(topic, 30, List.of(), false);
    }

    @Test
    void what_a_dead_owner_left_open_does_not_hide_its_successors_records() throws Exception {
        String topic = wire.topic(3);
        Publisher dead = wire.publisher(TRANSACTIONAL);
        dead.open();
        dead.send(rows(topic, 0, 10), () -> {});
        // As a process that is killed: nobody ends the transaction.
        dead.close();

        assertThat(send(wire.publisher(TRANSACTIONAL), rows(topic, 0, 10)).acknowledged())
                .hasSize(10);
        await().atMost(LONG.dividedBy(3)).untilAsserted(() -> assertOrder(topic, 10, List.of(), false));
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void a_broker_that_goes_away_and_returns_costs_no_record_and_no_order(ProducerMode mode) throws Exception {
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start();
                Wire own = new Wire(broker)) {
            String topic = own.topic(3);
            Publisher publisher = own.publisher(mode);
            send(publisher, rows(topic, 0, 100));
            publisher.send(rows(topic, 100, 150), () -> {});
            broker.stop();

            long begun = System.nanoTime();
            Sent sent = publisher.await(Duration.ofMillis(500), () -> true);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
            int done = sent.acknowledged().size();
            if (mode == TRANSACTIONAL) {
                assertThat(done == 0 || done == 50).isTrue();
            }
            if (done < 50) {
                assertThat(sent.failure()).isNotNull();
                assertThat(PermanentFailures.reasonCode(sent.failure().cause())).isEmpty();
            }

            broker.restart();
            List<OutboxRow> left = new ArrayList<>(rows(topic, 100, 200));
            left.removeIf(row -> sent.acknowledged().contains(row.position()));
            assertThat(publishAll(publisher, left)).isEmpty();
            assertOrder(own, topic, 200, List.of(), true);
            long seen =
                    own.committed(topic).values().stream().mapToLong(List::size).sum();
            assertThat(seen).as("at most the chunk under way is repeated").isLessThanOrEqualTo(200 + CHUNK);
        }
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void waiting_ends_when_it_may_not_go_on(ProducerMode mode) throws Exception {
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start();
                Wire own = new Wire(broker)) {
            String topic = own.topic(1);
            Publisher publisher = own.publisher(mode);
            send(publisher, rows(topic, 0, 10));
            broker.stop();

            long begun = System.nanoTime();
            publisher.send(rows(topic, 10, 20), () -> {});
            Sent sent = publisher.await(LONG, () -> false);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
            assertThat(sent.acknowledged()).isEmpty();
            assertThat(sent.failure()).isNotNull();
            assertThat(sent.failure().cause()).isInstanceOf(TimeoutException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void a_chunk_is_awaited_before_the_next_is_sent(ProducerMode mode) throws Exception {
        String topic = wire.topic(1);
        Publisher publisher = wire.publisher(mode);
        assertThatThrownBy(() -> publisher.send(rows(topic, 0, 1), () -> {})).hasMessageContaining("Call open() first");
        publisher.open();
        assertThatThrownBy(() -> publisher.await(LONG, () -> true)).hasMessageContaining("Call send() before await()");
        publisher.send(rows(topic, 0, 1), () -> {});
        assertThatThrownBy(() -> publisher.send(rows(topic, 1, 2), () -> {}))
                .hasMessageContaining("Call await() after each send()");
        assertThat(publisher.await(LONG, () -> true).acknowledged()).containsExactly(0L);
    }

    private static Sent send(Publisher publisher, List<OutboxRow> rows) throws InterruptedException {
        await().atMost(LONG).ignoreException(TimeoutException.class).until(() -> {
            publisher.open();
            return true;
        });
        publisher.send(rows, () -> {});
        return publisher.await(LONG, () -> true);
    }

    /** As a lane does: what was refused for good is set aside with what follows of its key. Returns the refused positions. */
    private static List<Long> publishAll(Publisher publisher, List<OutboxRow> rows) throws InterruptedException {
        List<OutboxRow> left = new ArrayList<>(rows);
        List<Long> refused = new ArrayList<>();
        long end = System.nanoTime() + LONG.toNanos();
        while (!left.isEmpty() && System.nanoTime() < end) {
            Sent sent = send(publisher, List.copyOf(left.subList(0, Math.min(CHUNK, left.size()))));
            Set<Long> acknowledged = new HashSet<>(sent.acknowledged());
            left.removeIf(row -> acknowledged.contains(row.position()));
            if (sent.failure() != null
                    && PermanentFailures.reasonCode(sent.failure().cause()).isPresent()) {
                OutboxRow row = sent.failure().row();
                refused.add(row.position());
                left.remove(row);
            }
        }
        assertThat(left).isEmpty();
        return refused;
    }

    private void assertOrder(String topic, int count, List<Long> without, boolean repeats) {
        assertOrder(wire, topic, count, without, repeats);
    }

    /** Each of the ten keys has its values once repeats are left out, in order. */
    private static void assertOrder(Wire wire, String topic, int count, List<Long> without, boolean repeats) {
        Map<String, List<String>> seen = wire.committed(topic);
        for (int key = 0; key < 10; key++) {
            int of = key;
            List<String> expected = IntStream.range(0, count)
                    .filter(i -> i % 10 == of && !without.contains((long) i))
                    .mapToObj(String::valueOf)
                    .toList();
            List<String> values = seen.getOrDefault("key-" + key, List.of());
            assertThat(repeats ? values.stream().distinct().toList() : values)
                    .as("key-" + key)
                    .isEqualTo(expected);
        }
    }
}
