package io.amends.outbox.relay;

import io.amends.outbox.HeaderCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one chunk at a time and says what was acknowledged. After the first record that fails, the producer is closed
 * from within its own callback, before it can send anything more: no later record of a key overtakes an earlier one. Used
 * by one thread.
 */
final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    /** How long the records of a topic are sent one after the other, after batches of it were cut in vain. */
    private static final long NARROW_NANOS = Duration.ofSeconds(60).toNanos();

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Map<String, Long> narrow = new HashMap<>();
    private @Nullable Producer<byte[], byte[]> producer;

    Publisher(Supplier<Producer<byte[], byte[]>> producers) {
        this.producers = producers;
    }

    /** A record that failed, and why. */
    record Failure(OutboxRow row, Exception cause) {}

    /**
     * What became of a chunk.
     *
     * @param acknowledged positions that may be noted as published
     * @param failure the first failure, null if there was none
     */
    record Sent(List<Long> acknowledged, @Nullable Failure failure) {}

    /**
     * Why that topic can't be written, empty if it can or if Kafka would refuse it for good.
     *
     * @throws TimeoutException if Kafka does not answer
     */
    Optional<String> obstacle(String topic) {
        try {
            open().partitionsFor(topic);
            return Optional.empty();
        } catch (InvalidTopicException forGood) {
            // Sending says the same of each record, and parks it.
            return Optional.empty();
        } catch (TopicAuthorizationException forbidden) {
            return Optional.of(String.valueOf(forbidden.getMessage()));
        } catch (TimeoutException absentOrAway) {
            // The client names a cause only if a broker has answered.
            Throwable answer = absentOrAway.getCause();
            if (answer == null) {
                throw absentOrAway;
            }
            return Optional.of(String.valueOf(answer.getMessage()));
        }
    }

    /**
     * Sends the rows and waits for their acknowledgements, while it may and no longer than the limit. Rows that have
     * neither failed nor been acknowledged are to be sent again.
     */
    Sent send(List<OutboxRow> rows, Duration limit, BooleanSupplier mayWait) throws InterruptedException {
        Producer<byte[], byte[]> open = open();
        Chunk chunk = new Chunk(rows, System.nanoTime() + limit.toNanos(), mayWait);
        double splitsBefore = splits(open);
        Map<String, Integer> lastOfNarrow = new HashMap<>();
        int begun = 0;
        while (begun < rows.size() && chunk.failure() == null) {
            int index = begun++;
            OutboxRow row = rows.get(index);
            if (isNarrow(row.topic())) {
                Integer previous = lastOfNarrow.put(row.topic(), index);
                if (previous != null && !chunk.awaitAcknowledged(previous)) {
                    break;
                }
            }
            send(open, chunk, row, index);
        }
        // A client that is told that a batch is too large cuts it, but never below the size of its largest record. If
        // that
        // record is too large for the topic and has small ones beside it, the client cuts and sends for ever. Each cut
        // that is not in vain makes one batch more, but for the first of each batch; so more cuts than this are in
        // vain.
        chunk.awaitEnd(() -> splits(open) - splitsBefore > 2.0 * rows.size());
        Failure failure = chunk.failure();
        if (failure == null) {
            chunk.unacknowledgedTopics().forEach(topic -> narrow.put(topic, System.nanoTime()));
        }
        if (!chunk.isAcknowledged()) {
            // Waits for the callbacks, after which nothing of the chunk changes any more.
            close();
        }
        return new Sent(chunk.acknowledged(), failure);
    }

    private static void send(Producer<byte[], byte[]> open, Chunk chunk, OutboxRow row, int index) {
        try {
            open.send(record(row), (metadata, thrown) -> {
                if (thrown == null) {
                    chunk.acknowledge(index);
                } else if (chunk.fail(row, thrown)) {
                    open.close(Duration.ZERO);
                }
            });
        } catch (RuntimeException thrown) {
            chunk.fail(row, thrown);
        }
    }

    /** How many batches the client has cut because a broker found them too large. */
    private static double splits(Producer<byte[], byte[]> open) {
        return open.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("batch-split-total"))
                .mapToDouble(metric -> metric.getValue().metricValue() instanceof Double value ? value : 0)
                .sum();
    }

    private boolean isNarrow(String topic) {
        Long since = narrow.get(topic);
        if (since == null) {
            return false;
        }
        if (System.nanoTime() - since < NARROW_NANOS) {
            return true;
        }
        narrow.remove(topic);
        return false;
    }

    private static ProducerRecord<byte[], byte[]> record(OutboxRow row) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(row.topic(), row.key().getBytes(StandardCharsets.UTF_8), row.payload());
        headers(row).forEach((name, value) -> record.headers().add(name, value));
        return record;
    }

    private static Map<String, byte[]> headers(OutboxRow row) {
        try {
            return HeaderCodec.decode(row.headers());
        } catch (IllegalArgumentException damaged) {
            throw new SerializationException(damaged.getMessage(), damaged);
        }
    }

    private Producer<byte[], byte[]> open() {
        if (producer == null) {
            producer = producers.get();
        }
        return producer;
    }

    /** Closes the producer without waiting for what is under way; the next chunk opens another. */
    void close() {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        if (open == null) {
            return;
        }
        // The client refuses to be closed properly by a thread that is interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            open.close(Duration.ZERO);
        } catch (KafkaException trouble) {
            log.warn("A producer could not be closed properly; another one is opened when there is need", trouble);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
