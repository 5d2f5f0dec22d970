package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the records before a refused one of their key, when its failure ends their batch too. */
class RelayRefusalInBatchTest {

    private static final String HUGE = "x".repeat(20_000);

    private final RelayBench bench = RelayBench.shared();
    private final String topic = bench.topic(RelayBench.topicName(), 1, Map.of("max.message.bytes", "2000"));

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({"TRANSACTIONAL, 1000000", "TRANSACTIONAL, 10000", "IDEMPOTENT, 1000000", "IDEMPOTENT, 10000"})
    void what_comes_before_a_refused_record_of_its_key_is_published(ProducerMode mode, int largestOfClient) {
        bench.append(topic, "k", "1", "2", HUGE, "4");
        bench.append(topic, "other", "1");
        relay(mode, largestOfClient).start();

        await().atMost(LONG).until(() -> parked().size() == 2 && bench.pending() == 0);
        assertThat(parked()).containsExactly(HUGE, "4");
        assertThat(bench.values(topic, "k").stream().distinct()).containsExactly("1", "2");
        assertThat(bench.values(topic, "other")).contains("1");
    }

    private List<String> parked() {
        return bench.database
                .jdbc()
                .query(
                        "select payload from saga_parked order by position",
                        (row, index) -> new String(row.getBytes(1), StandardCharsets.UTF_8));
    }

    private Relay relay(ProducerMode mode, int largestOfClient) {
        return bench.relay(mode, Map.of("max.request.size", largestOfClient));
    }
}
