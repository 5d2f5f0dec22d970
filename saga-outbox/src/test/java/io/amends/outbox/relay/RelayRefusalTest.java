package io.amends.outbox.relay;

import static io.amends.outbox.relay.RelayBench.LONG;
import static io.amends.outbox.relay.RelayBench.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.LogWatch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of records that Kafka does not take: a key is parked, or a topic waits; never the lane. */
@ParameterizedClass
@EnumSource(ReadMode.class)
class RelayRefusalTest {

    private static final String HUGE = "x".repeat(20_000);

    private final RelayBench bench;
    private final String narrow;
    private final String topic;
    private LogWatch log;

    RelayRefusalTest(ReadMode mode) {
        bench = RelayBench.shared(mode);
        narrow = bench.topic(RelayBench.topicName(), 2, Map.of("max.message.bytes", "2000"));
        topic = bench.topic(2);
    }

    @BeforeEach
    void watch() {
        log = LogWatch.of("io.amends.outbox.relay");
    }

    @AfterEach
    void close() {
        bench.close();
        log.close();
    }

    @Test
    void a_record_too_large_for_its_topic_parks_its_key_and_the_others_flow_on() {
        appendAroundAHugeOne();
        // Small records share its batch, which is what the client can't cope with.
        Relay relay = relay(() -> bench.producer(Map.of("linger.ms", 20)));
        relay.start();

        bench.awaitPublished();
        bench.awaitFollowers(relay, 2);
        assertParked("RECORD_TOO_LARGE");
        assertThat(bench.values(narrow, "big")).containsOnly("1");
        assertThat(bench.values(narrow, "other")).containsSubsequence("1", "2");
        assertThat(bench.values(topic, "big")).contains("elsewhere");

        bench.append(narrow, "other", "3");
        bench.append(narrow, "big", "5");
        bench.awaitPublished();
        bench.awaitFollowers(relay, 3);
        assertThat(bench.values(narrow, "other")).endsWith("3");
        assertThat(bench.values(narrow, "big")).containsOnly("1");
    }

    @Test
    void many_small_records_of_a_topic_whose_limit_is_below_that_of_a_batch_are_published() {
        String[] values =
                IntStream.range(0, 50).mapToObj(i -> i + "-" + "x".repeat(200)).toArray(String[]::new);
        bench.append(narrow, "k", values);
        bench.relay("one").start();

        bench.awaitPublished();
        assertThat(bench.values(narrow, "k").stream().distinct()).containsExactly(values);
        assertThat(bench.database.count("saga_parked")).isZero();
        assertThat(log.lines()).noneMatch(line -> line.startsWith("WARN"));
    }

    @Test
    void a_record_that_the_client_itself_refuses_parks_its_key_too() {
        appendAroundAHugeOne();
        relay(() -> bench.producer(Map.of("max.request.size", 10_000))).start();

        bench.awaitPublished();
        assertParked("RECORD_TOO_LARGE");
        assertThat(bench.values(narrow, "other")).containsSubsequence("1", "2");
    }

    @Test
    void a_parked_record_whose_key_is_released_is_published_before_its_followers() throws Exception {
        appendAroundAHugeOne();
        bench.relay("one").start();
        bench.awaitPublished();
        try (Admin admin = bench.admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, narrow),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", "100000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            Known.setting(admin, narrow, "max.message.bytes", "100000");
        }
        bench.database.jdbc().update("update saga_parked_key set blocked_by = null");
        bench.append(narrow, "big", "5");

        await().atMost(LONG).until(() -> bench.database.count("saga_parked_key") == 0);
        bench.awaitPublished();
        assertThat(bench.values(narrow, "big").stream().distinct()).containsExactly("1", HUGE, "3", "4", "5");
        assertThat(bench.database.count("saga_parked")).isZero();
    }

    @Test
    void a_row_whose_topic_name_kafka_forbids_is_parked() {
        bench.append(topic, "k", "1");
        bench.database.jdbc().update("update saga_outbox set aggregatetype = 'no such?topic'");
        bench.append(topic, "k", "2");
        bench.relay("one").start();

        bench.awaitPublished();
        assertParked("INVALID_TOPIC");
        assertThat(bench.values(topic, "k")).containsOnly("2");
    }

    @Test
    void a_row_whose_stored_headers_are_damaged_is_parked() {
        bench.append(topic, "broken", "1");
        bench.database.jdbc().update("update saga_outbox set headers = '\\x0102'::bytea");
        bench.append(topic, "k", "2");
        bench.relay("one").start();

        bench.awaitPublished();
        assertParked("NOT_SERIALISABLE");
        assertThat(bench.values(topic, "k")).containsOnly("2");
    }

    @Test
    void records_of_a_topic_that_does_not_exist_are_parked_hold_nobody_up_and_go_on_when_it_is_made() {
        String absent = RelayBench.topicName();
        bench.append(absent, "k", "1", "2");
        bench.append(topic, "k", "here");
        bench.relay("one").start();

        bench.awaitPublished();
        assertThat(bench.values(topic, "k")).containsExactly("here");
        assertThat(bench.database.jdbc().queryForList("select reason_code from saga_parked", String.class))
                .containsExactly("UNKNOWN_TOPIC", "UNKNOWN_TOPIC");
        assertThat(linesAbout(absent)).hasSize(1).first().asString().startsWith("WARN The records of topic " + absent);

        bench.topic(absent, 1, Map.of());
        bench.append(absent, "k", "3");
        await().atMost(LONG).until(() -> bench.database.count("saga_parked_key") == 0);
        bench.awaitPublished();
        assertThat(bench.values(absent, "k")).containsExactly("1", "2", "3");
        await().atMost(LONG).until(() -> linesAbout(absent).contains("INFO The records of topic " + absent + " go on"));
        assertThat(log.lines()).noneMatch(line -> line.contains("waits and tries again"));
    }

    @Test
    void records_of_a_topic_that_the_relay_may_not_write_are_parked_and_go_on_when_it_may() {
        String closed = bench.topic(1);
        AtomicReference<String> refusedIn = new AtomicReference<>("partitionsFor");
        bench.append(closed, "k", "1", "2");
        bench.append(topic, "k", "here");
        Relay relay = relay(() -> forbidding(bench.producer(), closed, refusedIn));
        relay.start();

        bench.awaitPublished();
        assertThat(bench.values(topic, "k")).containsOnly("here");
        refusedIn.set("send");
        await().atMost(LONG).until(() -> relay.stats().failedChunks() > 1);
        assertThat(bench.database.jdbc().queryForList("select distinct reason_code from saga_parked", String.class))
                .containsExactly("NOT_AUTHORISED");

        refusedIn.set("nothing");
        await().atMost(LONG).until(() -> bench.database.count("saga_parked_key") == 0);
        assertThat(bench.values(closed, "k")).containsExactly("1", "2");
    }

    private void appendAroundAHugeOne() {
        bench.append(narrow, "big", "1");
        bench.append(narrow, "other", "1");
        bench.append(narrow, "big", HUGE, "3");
        bench.append(narrow, "other", "2");
        bench.append(narrow, "big", "4");
        bench.append(topic, "big", "elsewhere");
    }

    private void assertParked(String reasonCode) {
        Map<String, Object> parked =
                bench.database.jdbc().queryForMap("select * from saga_parked where reason_code is not null");
        assertThat(parked).containsEntry("reason_code", reasonCode);
        assertThat(parked.get("reason")).asString().isNotBlank();
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("ERROR"))
                .containsExactly(
                        "ERROR Parked position %s of topic %s: %s. The later records of its key wait; see saga_parked"
                                .formatted(parked.get("position"), parked.get("aggregatetype"), reasonCode));
    }

    private List<String> linesAbout(String name) {
        return log.lines().stream().filter(line -> line.contains(name)).toList();
    }

    private Relay relay(Supplier<Producer<byte[], byte[]>> producers) {
        return bench.relay("one", QUICK, bench.database.dataSource(), bench.source(), producers);
    }

    /** The embedded broker allows everything; so the client plays the refusal, in the call of that name. */
    @SuppressWarnings("unchecked")
    private static Producer<byte[], byte[]> forbidding(
            Producer<byte[], byte[]> real, String topic, AtomicReference<String> call) {
        TopicAuthorizationException refusal = new TopicAuthorizationException(Set.of(topic));
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (self, method, arguments) -> {
                    if (method.getName().equals(call.get())) {
                        if (topic.equals(arguments[0])) {
                            throw refusal;
                        }
                        if (arguments[0] instanceof ProducerRecord<?, ?> record
                                && record.topic().equals(topic)) {
                            ((Callback) arguments[1]).onCompletion(null, refusal);
                            return null;
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
