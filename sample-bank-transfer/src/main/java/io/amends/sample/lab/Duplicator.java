package io.amends.sample.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes every record of the topics once more, old ones first, until it is closed. */
final class Duplicator implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Duplicator.class);
    private static final List<String> TOPICS =
            List.of("saga.bank-a.commands", "saga.bank-b.commands", "saga.money-transfer.replies");

    /** Tells copies from originals; else copies would be copied for ever. */
    private static final String COPY = "lab-copy";

    private final Map<String, Object> settings;
    private final AtomicLong copies = new AtomicLong();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "lab-duplicator"));
    private volatile boolean ended;

    Duplicator(String bootstrapServers) {
        settings = Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        thread.execute(this::copyAll);
    }

    /** How many copies were made. */
    long copies() {
        return copies.get();
    }

    private void copyAll() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", settings.get("bootstrap.servers")),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<TopicPartition> all = TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(one -> new TopicPartition(one.topic(), one.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!ended) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.headers().lastHeader(COPY) == null) {
                        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(
                                record.topic(), record.partition(), record.key(), record.value(), record.headers());
                        copy.headers().add(COPY, new byte[0]);
                        producer.send(copy);
                        copies.incrementAndGet();
                    }
                }
            }
        } catch (RuntimeException trouble) {
            log.warn("Messages are not duplicated any more", trouble);
        }
    }

    @Override
    public void close() {
        ended = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(20, TimeUnit.SECONDS)) {
                log.warn("The thread that duplicates messages did not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
