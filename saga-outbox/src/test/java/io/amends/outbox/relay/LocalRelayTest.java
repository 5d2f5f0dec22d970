package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static io.amends.outbox.relay.RelayBench.QUICK;
import static io.amends.outbox.relay.RelayBench.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

/** Without Kafka: a lane's messages are handed to the receivers of the same process. */
class LocalRelayTest {

    private final TestDatabase database = TestDatabase.migrated();
    private final JdbcOutbox outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, AppendListener.NONE);
    private final LocalReceivers receivers = new LocalReceivers();
    private final List<Relay> relays = new ArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Integer> polls = new CopyOnWriteArrayList<>();

    /** What a receiver throws upon. */
    private final Set<String> cursed = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        relays.forEach(relay -> relay.stop(Duration.ofSeconds(1)));
        database.close();
    }

    private Relay start(String owner) {
        Relay relay = new Relay(
                database.dataSource(), ReadMode.SNAPSHOT_DELTA.source(database.dataSource()), receivers, QUICK, owner);
        relays.add(relay);
        relay.start();
        return relay;
    }

    private void receive(List<LocalMessage> messages) {
        for (LocalMessage message : messages) {
            if (cursed.contains(text(message))) {
                throw new IllegalStateException("Cursed: " + text(message));
            }
        }
        polls.add(messages.size());
        messages.forEach(message -> received.add(text(message)));
    }

    private static String text(LocalMessage message) {
        return message.key() + new String(message.payload(), StandardCharsets.UTF_8);
    }

    private void append(String topic, String key, String... values) {
        database.transaction().executeWithoutResult(status -> {
            for (String value : values) {
                outbox.append(message(topic, key, value));
            }
        });
    }

    private void awaitPending(long count) {
        await().atMost(LONG).until(() -> database.count("saga_outbox_pending") == count);
    }

    private List<String> parked() {
        return database.jdbc()
                .queryForList(
                        "select coalesce(reason_code, 'behind') || ' ' || aggregateid from saga_parked order by position",
                        String.class);
    }

    @Test
    void a_chunk_is_a_poll_for_each_topic_and_a_large_one_several() {
        receivers.add("orders", 100, this::receive);
        receivers.add("news", 100, this::receive);
        database.transaction().executeWithoutResult(status -> {
            for (int i = 0; i < 150; i++) {
                outbox.append(message("orders", "k", Integer.toString(i)));
                outbox.append(message("news", "k", Integer.toString(i)));
            }
        });
        Relay relay = start("one");
        awaitPending(0);

        assertThat(polls).containsExactly(100, 50, 100, 50);
        assertThat(received).hasSize(300).startsWith("k0", "k1").endsWith("k148", "k149");
        assertThat(relay.stats().published()).isEqualTo(300);
    }

    @Test
    void a_topic_with_two_receivers_gives_each_of_them_all_messages() {
        receivers.add("orders", 100, this::receive);
        receivers.add("orders", 100, this::receive);
        append("orders", "k", "1", "2");
        start("one");
        awaitPending(0);

        assertThat(received).containsExactly("k1", "k2", "k1", "k2");
    }

    @Test
    void while_the_database_is_away_the_same_messages_are_handed_over_again() {
        cursed.add("k1");
        receivers.add("orders", 100, messages -> {
            if (cursed.remove("k1")) {
                throw new DataAccessResourceFailureException("away");
            }
            receive(messages);
        });
        append("orders", "k", "1", "2");
        Relay relay = start("one");
        awaitPending(0);

        assertThat(received).containsExactly("k1", "k2");
        assertThat(relay.stats().failedChunks()).isEqualTo(1);
        assertThat(parked()).isEmpty();
    }

    @Test
    void a_message_that_a_receiver_throws_upon_again_and_again_is_parked_with_its_key_and_others_go_on() {
        cursed.add("bad2");
        receivers.add("orders", 100, this::receive);
        append("orders", "bad", "1", "2", "3");
        append("orders", "good", "1", "2");
        Relay relay = start("one");
        await().atMost(LONG).until(() -> parked().size() == 2);

        assertThat(parked()).containsExactly("RECEIVER_FAILED bad", "behind bad");
        assertThat(received).containsExactlyInAnyOrder("bad1", "good1", "good2");

        cursed.clear();
        database.jdbc().update("update saga_parked_key set blocked_by = null");
        relay.released();
        await().atMost(LONG).until(() -> parked().isEmpty());
        assertThat(received).endsWith("bad2", "bad3");
    }

    @Test
    void what_is_away_for_one_topic_holds_up_no_other() {
        receivers.add("orders", 100, messages -> {
            throw new DataAccessResourceFailureException("its own cache is away");
        });
        receivers.add("news", 100, this::receive);
        append("orders", "k", "1");
        append("news", "k", "1");
        start("one");
        await().atMost(LONG).until(() -> received.size() == 1);
        append("news", "k", "2");
        await().atMost(LONG).until(() -> received.size() == 2);

        assertThat(received).containsExactly("k1", "k2");
    }

    @Test
    void more_than_a_chunk_of_a_topic_for_which_something_is_away_is_parked_so_that_others_go_on_until_it_is_back() {
        AtomicBoolean away = new AtomicBoolean(true);
        receivers.add("orders", 100, messages -> {
            if (away.get()) {
                throw new DataAccessResourceFailureException("its own cache is away");
            }
            receive(messages);
        });
        receivers.add("news", 100, this::receive);
        String[] values = IntStream.range(0, QUICK.chunkSize() + 5)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        append("orders", "o", values);
        append("news", "n", "1", "2");
        start("one");
        await().atMost(LONG).until(() -> received.size() == 2);
        assertThat(received).containsExactly("n1", "n2");
        assertThat(parked()).startsWith("RECEIVER_AWAY o");

        away.set(false);
        await().atMost(LONG).until(() -> received.size() == 2 + values.length);
        assertThat(received.subList(2, received.size()))
                .containsExactlyElementsOf(
                        Arrays.stream(values).map(value -> "o" + value).toList());
        await().atMost(LONG).until(() -> parked().isEmpty());
    }

    @Test
    void many_messages_that_a_receiver_throws_upon_are_counted_side_by_side() {
        Map<String, Integer> thrown = new ConcurrentHashMap<>();
        receivers.add("orders", 100, messages -> {
            if (messages.size() == 1) {
                thrown.merge(text(messages.get(0)), 1, Integer::sum);
            }
            throw new IllegalStateException("Cursed");
        });
        int bad = 8;
        for (int key = 0; key < bad; key++) {
            append("orders", "bad" + key, "1");
        }
        start("one");
        await().atMost(LONG).until(() -> parked().size() == bad);

        assertThat(thrown)
                .hasSize(bad)
                .allSatisfy((message, times) -> assertThat(times).isLessThanOrEqualTo(LocalHandOver.ATTEMPTS + bad));
    }

    @Test
    void messages_that_nobody_takes_are_parked_until_somebody_does() {
        receivers.add("orders", 100, this::receive);
        append("abroad", "k", "1", "2");
        append("orders", "k", "1");
        Relay relay = start("one");
        await().atMost(LONG).until(() -> parked().size() == 2 && !received.isEmpty());

        assertThat(parked()).containsExactly("NO_RECEIVER k", "NO_RECEIVER k");
        relay.stop(LONG);
        received.clear();
        receivers.add("abroad", 100, this::receive);
        start("two");
        await().atMost(LONG).until(() -> parked().isEmpty());
        assertThat(received).containsExactly("k1", "k2");
    }

    @Test
    void a_stop_waits_for_the_poll_that_is_under_way_and_leaves_the_rest() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        receivers.add("orders", 1, messages -> {
            begun.countDown();
            awaitQuietly(goOn);
            receive(messages);
        });
        append("orders", "k", "1", "2");
        Relay relay = start("one");
        begun.await();
        Thread stopping = new Thread(() -> relay.stop(LONG));
        stopping.start();
        await().atMost(LONG).until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        goOn.countDown();
        stopping.join(LONG.toMillis());

        assertThat(received).containsExactly("k1");
        assertThat(database.count("saga_outbox_pending")).isEqualTo(1);
        start("two");
        awaitPending(0);
        assertThat(received).containsExactly("k1", "k2");
    }

    @Test
    void a_former_owner_that_was_paused_in_a_receiver_notes_nothing_and_hands_over_no_more()
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        receivers.add("orders", 1, messages -> {
            begun.countDown();
            awaitQuietly(goOn);
            receive(messages);
        });
        append("orders", "k", "1", "2");
        Relay relay = start("one");
        begun.await();
        database.jdbc()
                .update(
                        "update saga_lane set owner = 'thief', epoch = epoch + 1, lease_until = clock_timestamp() + interval '1 hour'");
        await().atMost(LONG).until(() -> relay.stats().fenced() == 1);
        goOn.countDown();
        await().atMost(LONG).until(() -> relay.lanes() == 0);

        assertThat(received).containsExactly("k1");
        assertThat(database.count("saga_outbox_pending")).isEqualTo(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody let it go on");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
