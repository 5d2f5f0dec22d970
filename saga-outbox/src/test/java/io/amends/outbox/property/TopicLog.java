package io.amends.outbox.property;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All that is on a topic, read as a consumer that takes only what is committed reads it. */
final class TopicLog implements AutoCloseable {

    private static final long READ_LIMIT_NANOS = Duration.ofSeconds(30).toNanos();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<Arrival> arrivals = new ArrayList<>();

    private TopicLog(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        this.consumer = consumer;
        this.partitions = partitions;
    }

    /** Makes a topic that takes no record as large as the refused ones. */
    static void create(String bootstrapServers, String topic, int count)
            throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            NewTopic wanted = new NewTopic(topic, count, (short) 1)
                    .configs(Map.of("max.message.bytes", String.valueOf(Message.TOPIC_LIMIT)));
            admin.createTopics(List.of(wanted)).all().get();
        }
    }

    static TopicLog open(String bootstrapServers, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new TopicLog(consumer, partitions);
    }

    /** Reads on to the present end; all that was read since the beginning, each partition in its order. */
    List<Arrival> readOn() {
        long until = System.nanoTime() + READ_LIMIT_NANOS;
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("The test's topic can't be read to its end " + ends);
            }
            consumer.poll(Duration.ofMillis(100)).forEach(polled -> arrivals.add(arrival(polled)));
        }
        return List.copyOf(arrivals);
    }

    private static Arrival arrival(ConsumerRecord<byte[], byte[]> polled) {
        return new Arrival(
                Message.idOf(polled.value()),
                new String(polled.key(), StandardCharsets.UTF_8),
                polled.partition() + "@" + polled.offset(),
                polled.timestamp());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
