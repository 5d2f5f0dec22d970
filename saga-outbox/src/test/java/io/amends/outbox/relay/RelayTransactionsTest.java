package io.amends.outbox.relay;

import static io.amends.outbox.relay.ProducerMode.TRANSACTIONAL;
import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A relay whose chunks are Kafka transactions, in both ways to read. */
class RelayTransactionsTest {

    private RelayBench bench = RelayBench.shared();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @EnumSource(ReadMode.class)
    void a_refused_record_parks_its_key_and_the_others_are_published_once(ReadMode mode) {
        use(mode);
        String topic = bench.topic(RelayBench.topicName(), 2, Map.of("max.message.bytes", "2000"));
        for (int i = 0; i < 20; i++) {
            bench.append(topic, "other", String.valueOf(i));
            bench.append(topic, "big", i == 10 ? "x".repeat(20_000) : String.valueOf(i));
        }
        bench.relay("one", TRANSACTIONAL).start();

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(bench.committed(topic, "other")).containsExactly(numbers(20));
            assertThat(bench.committed(topic, "big")).containsExactly(numbers(10));
        });
        assertThat(bench.database
                        .jdbc()
                        .queryForObject(
                                "select reason_code from saga_parked where reason_code is not null", String.class))
                .isEqualTo("RECORD_TOO_LARGE");
    }

    @ParameterizedTest
    @EnumSource(ReadMode.class)
    void a_successor_goes_on_where_a_relay_ended_and_repeats_nothing(ReadMode mode) {
        use(mode);
        String topic = bench.topic(2);
        bench.append(topic, "k", numbers(10));
        Relay first = bench.relay("first", TRANSACTIONAL);
        first.start();
        await().atMost(LONG).until(() -> bench.committed(topic, "k").size() == 10);

        first.stop(Duration.ofSeconds(5));
        IntStream.range(10, 20).forEach(i -> bench.append(topic, "k", String.valueOf(i)));
        bench.relay("second", TRANSACTIONAL).start();

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(bench.committed(topic, "k")).containsExactly(numbers(20)));
    }

    private void use(ReadMode mode) {
        bench.close();
        bench = RelayBench.shared(mode);
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toArray(String[]::new);
    }
}
