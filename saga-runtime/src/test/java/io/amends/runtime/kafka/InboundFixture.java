package io.amends.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.RecordProcessor;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real broker and what consumers of a topic are given; each test has a topic of its own. */
abstract class InboundFixture {

    static final Duration LIMIT = Duration.ofSeconds(30);
    static final int MAX_POLL = 5;

    final EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.shared();
    final Map<String, Object> servers = Map.of("bootstrap.servers", broker.bootstrapServers());
    final String topic = "saga." + UUID.randomUUID() + ".commands";
    final List<List<InboundRecord>> polls = new CopyOnWriteArrayList<>();
    final AtomicReference<@Nullable RuntimeException> trouble = new AtomicReference<>();
    final List<KafkaInbound> opened = new ArrayList<>();

    @BeforeEach
    void createTopic() throws Exception {
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void stop() {
        opened.forEach(inbound -> inbound.stop(LIMIT));
    }

    KafkaInbound open(RecordProcessor processor) {
        KafkaInbound inbound = new KafkaInbound(topic, servers, 1, MAX_POLL, processor);
        opened.add(inbound);
        assertThat(inbound.isRunning()).isFalse();
        inbound.start();
        return inbound;
    }

    void note(List<InboundRecord> records) {
        polls.add(records);
    }

    void noteOrThrow(List<InboundRecord> records) {
        RuntimeException thrown = trouble.get();
        polls.add(records);
        if (thrown != null) {
            throw thrown;
        }
    }

    List<InboundRecord> records() {
        return records(0);
    }

    List<InboundRecord> records(int fromPoll) {
        return polls.subList(fromPoll, polls.size()).stream()
                .flatMap(List::stream)
                .toList();
    }

    static List<String> values(List<InboundRecord> records) {
        return records.stream()
                .map(record -> new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8))
                .toList();
    }

    /** The offset that the group would go on from; the group is named like the topic. */
    long committed() throws Exception {
        try (Admin admin = Admin.create(servers)) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(topic)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS)
                    .get(new TopicPartition(topic, 0));
            return offset == null ? 0 : offset.offset();
        }
    }

    void produce(String... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, 0, bytes("k"), bytes(value)));
            }
            producer.flush();
        }
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(servers);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
