package io.amends.outbox.relay;

import io.amends.outbox.HeaderCodec;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Publishers on a real broker without a database, and a look at what readers of committed records see. */
final class Wire implements AutoCloseable {

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final byte[] NO_HEADERS = HeaderCodec.encode(Map.of());

    final EmbeddedKafkaBroker broker;
    private final String outbox = "wire-" + NEXT.incrementAndGet();
    private final List<Publisher> publishers = new CopyOnWriteArrayList<>();

    Wire(EmbeddedKafkaBroker broker) {
        this.broker = broker;
    }

    /** Of lane 0 of this wire's outbox, not opened. */
    Publisher publisher(ProducerMode mode) {
        return publisher(mode, Map.of());
    }

    Publisher publisher(ProducerMode mode, Map<String, Object> extra) {
        Publisher made = Publishers.of(
                        mode, Map.of("bootstrap.servers", broker.bootstrapServers()), outbox, settings -> {
                            Map<String, Object> all = new HashMap<>(settings);
                            all.putAll(extra);
                            return new KafkaProducer<>(all);
                        })
                .forLane(0);
        publishers.add(made);
        return made;
    }

    String topic(int partitions) {
        return topic(partitions, Map.of());
    }

    String topic(int partitions, Map<String, String> settings) {
        String name = "wire-test-" + NEXT.incrementAndGet();
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
            Known.topic(admin, name, partitions);
            return name;
        } catch (InterruptedException | ExecutionException trouble) {
            throw new IllegalStateException("Topic " + name + " can't be made", trouble);
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    static OutboxRow row(long position, String topic, String key, String value) {
        return new OutboxRow(position, topic, key, value.getBytes(StandardCharsets.UTF_8), NO_HEADERS);
    }

    /** Their positions are their values; ten keys by turns. */
    static List<OutboxRow> rows(String topic, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> row(i, topic, "key-" + i % 10, String.valueOf(i)))
                .toList();
    }

    /** What a reader of committed records sees, for each key in order. */
    Map<String, List<String>> committed(String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            Map<String, List<String>> seen = new HashMap<>();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            // With this isolation the end is where the first open transaction begins.
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> seen.computeIfAbsent(record.key(), key -> new ArrayList<>())
                                .add(record.value()));
            }
            return seen;
        }
    }

    @Override
    public void close() {
        publishers.forEach(Publisher::close);
    }
}
