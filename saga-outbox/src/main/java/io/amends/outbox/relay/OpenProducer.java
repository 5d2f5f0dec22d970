package io.amends.outbox.relay;

import io.amends.outbox.HeaderCodec;
import io.amends.outbox.relay.Publisher.Obstacle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Kafka producer that takes rows. Used by one thread, but for {@link #closeAtOnce}. */
final class OpenProducer {

    private static final Logger log = LoggerFactory.getLogger(OpenProducer.class);

    private final Producer<byte[], byte[]> kafka;
    private final @Nullable Metric splits;
    private @Nullable Transmission underWay;

    OpenProducer(Producer<byte[], byte[]> kafka) {
        this.kafka = kafka;
        this.splits = kafka.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("batch-split-total"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    Producer<byte[], byte[]> kafka() {
        return kafka;
    }

    /**
     * The next chunk, which the caller begins.
     *
     * @param onFailure as {@link Transmission} has it
     * @param whenKnown as {@link Publisher#send} has it
     * @throws IllegalStateException if the chunk before was not completed
     */
    Transmission next(List<OutboxRow> rows, NarrowTopics narrow, Runnable onFailure, Runnable whenKnown) {
        if (underWay != null) {
            throw new IllegalStateException(
                    "The chunk before was sent and not awaited. Call await() after each send().");
        }
        Transmission next = new Transmission(this, rows, narrow, onFailure, whenKnown);
        underWay = next;
        return next;
    }

    /** As {@link Publisher#isUnderWay}. */
    boolean isUnderWay() {
        return underWay != null && underWay.isUnderWay();
    }

    /**
     * Waits for the chunk that was begun.
     *
     * @throws IllegalStateException if there is none
     */
    Transmission complete(Patience patience) throws InterruptedException {
        Transmission begun = underWay;
        if (begun == null) {
            throw new IllegalStateException("There is nothing to await. Call send() before await().");
        }
        begun.complete(patience);
        underWay = null;
        return begun;
    }

    /**
     * Gives the row to the client.
     *
     * @throws SerializationException if its headers are damaged
     */
    void send(OutboxRow row, Callback callback) {
        kafka.send(record(row), callback);
    }

    /** How many batches the client has cut because a broker found them too large. */
    double splits() {
        return splits != null && splits.metricValue() instanceof Double value ? value : 0;
    }

    /** As {@link Publisher#obstacle}. */
    Optional<Obstacle> obstacle(String topic) {
        try {
            kafka.partitionsFor(topic);
            return Optional.empty();
        } catch (InvalidTopicException forGood) {
            // Sending says the same of each record, and parks it.
            return Optional.empty();
        } catch (TopicAuthorizationException forbidden) {
            return Optional.of(obstacle(forbidden, forbidden));
        } catch (TimeoutException absentOrAway) {
            // The client names a cause only if a broker has answered.
            Throwable answer = absentOrAway.getCause();
            if (answer == null) {
                throw absentOrAway;
            }
            return Optional.of(obstacle(absentOrAway, answer));
        }
    }

    private static Obstacle obstacle(Exception thrown, Throwable answer) {
        return new Obstacle(PermanentFailures.reasonCode(thrown).orElse(null), String.valueOf(answer.getMessage()));
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

    /** Ends it without waiting for what is under way. May be called from a callback too. */
    void closeAtOnce() {
        // The client refuses to be closed properly by a thread that is interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            kafka.close(Duration.ZERO);
        } catch (KafkaException trouble) {
            log.warn("A producer could not be closed properly; another one is opened when there is need", trouble);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
