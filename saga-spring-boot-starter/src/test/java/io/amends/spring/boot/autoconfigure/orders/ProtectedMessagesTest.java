package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.Sagas;
import io.amends.runtime.security.MessageProtection;
import io.amends.runtime.wire.SealedPayload;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.engine.SagaPhase;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** On a real broker: what somebody who may write to a topic can do. */
@ExtendWith(OutputCaptureExtension.class)
class ProtectedMessagesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String COMMANDS = "saga.bank.commands";
    private static final String REPLIES = "saga.order.replies";

    private static final Map<String, Object> BROKER =
            Map.of("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers());

    private static ConfigurableApplicationContext application;
    private static Sagas sagas;
    private static JdbcClient jdbc;
    private static String startUp;

    @BeforeAll
    static void start(CapturedOutput output) {
        application = ProtectedShop.run(
                EmbeddedPostgresServer.shared().freshDatabase(),
                "--saga.security.signature.key-id=s1",
                "--saga.security.encryption.key-id=e1");
        startUp = output.getAll();
        sagas = application.getBean(Sagas.class);
        jdbc = application.getBean(JdbcClient.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void a_saga_runs_to_its_end_and_nothing_on_its_topics_can_be_read_or_lacks_a_signature() throws Exception {
        UUID saga = ProtectedShop.completed(sagas, "protected-1");

        for (String topic : List.of("saga.warehouse.commands", COMMANDS, REPLIES)) {
            ConsumerRecord<byte[], byte[]> record = record(topic, saga);
            assertThat(header(record, WireHeaders.SIGNATURE)).isNotEmpty();
            assertThat(record.value()).matches(value -> value.length == 0 || SealedPayload.isSealed(value));
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).doesNotContain("protected-1");
        }
    }

    @Test
    void the_start_tells_keys_by_their_ids_and_no_key() {
        assertThat(startUp)
                .contains("Messages are signed with key 's1'", "without a signature they are refused")
                .contains("Payloads are encrypted with key 'e1'", "not encrypted they are refused")
                .contains("s2", "e2")
                .doesNotContain(ProtectedShop.key(1), ProtectedShop.key(2), ProtectedShop.key(3), ProtectedShop.key(4));
    }

    @Test
    void a_command_that_somebody_made_up_is_quarantined_and_never_handled() throws Exception {
        UUID saga = ProtectedShop.completed(sagas, "protected-2");
        ConsumerRecord<byte[], byte[]> good = record(COMMANDS, saga);
        UUID id = send(
                good,
                UUID.randomUUID(),
                "{\"orderId\":\"x\",\"price\":1}".getBytes(StandardCharsets.UTF_8),
                WireHeaders.SIGNATURE,
                null);

        assertThat(quarantined(id)).isEqualTo("NO_SIGNATURE");
        assertThat(application.getBean(MessageProtection.class).refused("NO_SIGNATURE"))
                .isPositive();
    }

    @Test
    void a_true_command_is_none_of_another_saga_or_step() throws Exception {
        UUID saga = ProtectedShop.completed(sagas, "protected-3");
        ConsumerRecord<byte[], byte[]> good = record(COMMANDS, saga);

        UUID other = UUID.randomUUID();
        assertThat(quarantined(
                        send(good, UUID.randomUUID(), good.value(), WireHeaders.CORRELATION_ID, other.toString())))
                .isEqualTo("BAD_SIGNATURE");
        assertThat(quarantined(send(good, UUID.randomUUID(), good.value(), WireHeaders.SAGA_STEP, "reserve")))
                .isEqualTo("BAD_SIGNATURE");
        assertThat(jdbc.sql("select count(*) from saga_inbox_command where saga_id = ?")
                        .param(other)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void a_reply_that_was_changed_on_the_way_is_quarantined() throws Exception {
        UUID saga = ProtectedShop.completed(sagas, "protected-4");
        ConsumerRecord<byte[], byte[]> good = record(REPLIES, saga);
        byte[] payload = Arrays.copyOf(good.value(), good.value().length + 1);

        assertThat(quarantined(send(good, UUID.randomUUID(), payload, WireHeaders.SAGA_OUTCOME, "rejection")))
                .isEqualTo("BAD_SIGNATURE");
        assertThat(ProtectedShop.phase(sagas, saga)).isEqualTo(SagaPhase.COMPLETED);
    }

    /** The code with which the message of that id was quarantined. */
    private static String quarantined(UUID id) {
        String needle = "%" + hex(id.toString()) + "%";
        return await().atMost(PATIENCE)
                .until(
                        () -> jdbc.sql(
                                        "select reason_code from saga_inbox_quarantine where encode(headers, 'hex') like ?")
                                .param(needle)
                                .query(String.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hex.append("%02x".formatted(each));
        }
        return hex.toString();
    }

    /** Sends the record again with that payload and that header, or without it; a header of its own tells it apart. */
    private static UUID send(
            ConsumerRecord<byte[], byte[]> like, UUID mark, byte[] payload, String header, @Nullable String value)
            throws Exception {
        List<Header> headers = new ArrayList<>(List.of(like.headers().toArray()));
        headers.removeIf(each -> each.key().equals(header));
        if (value != null) {
            headers.add(new RecordHeader(header, value.getBytes(StandardCharsets.UTF_8)));
        }
        headers.add(new RecordHeader("mark", mark.toString().getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(BROKER, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(like.topic(), null, like.key(), payload, headers))
                    .get(30, TimeUnit.SECONDS);
        }
        return mark;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** The first record of that saga. */
    private static ConsumerRecord<byte[], byte[]> record(String topic, UUID saga) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(BROKER, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return await().atMost(PATIENCE)
                    .until(
                            () -> {
                                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(200))) {
                                    if (header(each, WireHeaders.CORRELATION_ID).equals(saga.toString())) {
                                        return Optional.of(each);
                                    }
                                }
                                return Optional.<ConsumerRecord<byte[], byte[]>>empty();
                            },
                            Optional::isPresent)
                    .orElseThrow();
        }
    }
}
