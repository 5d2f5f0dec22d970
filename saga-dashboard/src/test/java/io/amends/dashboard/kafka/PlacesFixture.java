package io.amends.dashboard.kafka;

import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A real broker on which commands are looked for; each test has a topic of its own. */
abstract class PlacesFixture {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int PARTITIONS = 3;

    static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;

    final String topic = "saga.t" + UUID.randomUUID() + ".commands";
    final AtomicLong nanos = new AtomicLong();
    private final List<CommandPlaces> opened = new ArrayList<>();
    final Instant now = Instant.now();
    final SentCommand sought = new SentCommand(topic, UUID.randomUUID().toString(), UUID.randomUUID(), now);
    final int partition = PlaceSearch.partitionOf(sought.key(), PARTITIONS);

    @BeforeAll
    static void connect() {
        admin = Admin.create(GuardedKafka.servers());
        producer = new KafkaProducer<>(GuardedKafka.servers(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void disconnect() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    @AfterEach
    void close() {
        opened.forEach(CommandPlaces::close);
    }

    CommandPlaces places() {
        return places(GuardedKafka.servers(), 1000, PATIENCE);
    }

    CommandPlaces places(Map<String, Object> servers, int mostRecords, Duration limit) {
        CommandPlaces made = new CommandPlaces(servers, servers, mostRecords, limit, nanos::get);
        opened.add(made);
        return made;
    }

    /** The command, or another one if the id is another one's. */
    ProducerRecord<byte[], byte[]> record(UUID id, @Nullable Integer to, Instant at) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, to, at.toEpochMilli(), sought.key().getBytes(StandardCharsets.UTF_8), new byte[] {1});
        record.headers().add(WireHeaders.ID, id.toString().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    static RecordMetadata send(ProducerRecord<byte[], byte[]> record) throws Exception {
        return producer.send(record).get(60, TimeUnit.SECONDS);
    }

    void sendOthers(int number, int to, Instant at) throws Exception {
        for (int i = 0; i < number; i++) {
            send(record(UUID.randomUUID(), to, at));
        }
    }
}
