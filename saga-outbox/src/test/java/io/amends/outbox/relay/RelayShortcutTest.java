package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static io.amends.outbox.relay.RelayBench.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.StatementSpy;
import io.amends.outbox.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole way of what a process commits and publishes itself. */
class RelayShortcutTest {

    private static final int MESSAGES = 40;

    /** It looks when it is told to. */
    private static final RelaySettings PATIENT = new RelaySettings(10, LONG, LONG, LONG, LONG, LONG, 1);

    private final RelayBench bench = RelayBench.shared();
    private final String topic = bench.topic(1);
    private final StatementSpy spy = new StatementSpy(bench.database.dataSource());

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void its_messages_reach_kafka_in_order_and_most_of_them_without_a_look() {
        Relay relay = bench.relay(
                "one", PATIENT, spy.dataSource(), new SnapshotDeltaSource(spy.dataSource()), bench::producer);
        relay.start();
        await().atMost(LONG).until(() -> relay.lanes() == 1 && relay.wants((short) 0));
        JdbcOutbox outbox = new JdbcOutbox(bench.database.dataSource(), OutboxLimits.DEFAULT, relay);
        spy.forget();

        long published = relay.stats().published();
        long began = System.nanoTime();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] payload = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
            bench.database
                    .transaction()
                    .executeWithoutResult(status -> outbox.append(TestDatabase.message(topic, "k", payload)));
            long expected = published + i + 1;
            await().atMost(LONG)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> relay.stats().published() == expected);
        }
        List<String> expected =
                IntStream.range(0, MESSAGES).mapToObj(String::valueOf).toList();
        assertThat(bench.values(topic, "k")).isEqualTo(expected);
        // The relay notes how far it is ten times a second, and looks for that.
        long looksForThat = Duration.ofNanos(System.nanoTime() - began).toMillis() / 100;
        assertThat(spy.count("saga_outbox_fresh")).isLessThan(MESSAGES / 2 + looksForThat);

        bench.awaitPublished();
        relay.stop(LONG);
        Relay successor = bench.relay("two");
        successor.start();
        await().atMost(LONG).until(() -> successor.lanes() == 1);
        await().during(QUICK.pollMax().multipliedBy(3))
                .atMost(LONG)
                .until(() -> successor.stats().published() == 0);
    }
}
