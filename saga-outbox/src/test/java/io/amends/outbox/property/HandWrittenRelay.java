package io.amends.outbox.property;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A relay as services write it for themselves: a loop that reads, sends record by record, and notes. It reads and notes in
 * the way that it is given; all but one way are wrong. Now and then it crashes in the middle of a chunk and begins again.
 */
final class HandWrittenRelay implements AutoCloseable {

    /** One in so many records is the last before a crash. */
    private static final int CRASHES = 150;

    private final DataSource dataSource;
    private final BrokenWay way;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private volatile boolean ending;
    private volatile @Nullable Throwable trouble;

    /** A row as it was read. */
    record Row(long position, String topic, String key, byte[] payload) {}

    /** The process dies; nothing more of the chunk happens. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    HandWrittenRelay(DataSource dataSource, String bootstrapServers, BrokenWay way, long seed) {
        this.dataSource = dataSource;
        this.way = way;
        this.random = new Random(seed);
        this.producer = new KafkaProducer<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.LINGER_MS_CONFIG,
                0));
        this.thread = new Thread(this::run, "property-hand-written-" + seed);
        thread.start();
    }

    private void run() {
        while (!ending) {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                try {
                    way.turn(connection, this);
                    connection.commit();
                } catch (Crash crash) {
                    connection.rollback();
                }
                TimeUnit.MILLISECONDS.sleep(2);
            } catch (SQLException | InterruptedException | RuntimeException unexpected) {
                trouble = unexpected;
                return;
            }
        }
    }

    /**
     * Sends a record and waits for its acknowledgement.
     *
     * @return false if Kafka refuses it for good
     * @throws KafkaException if it fails otherwise
     */
    boolean send(Row row) {
        if (random.nextInt(CRASHES) == 0) {
            throw new Crash();
        }
        try {
            producer.send(new ProducerRecord<>(row.topic(), row.key().getBytes(StandardCharsets.UTF_8), row.payload()))
                    .get();
            return true;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RecordTooLargeException) {
                return false;
            }
            throw new KafkaException(failed);
        } catch (InterruptedException interrupted) {
            throw new KafkaException(interrupted);
        }
    }

    @Nullable
    Throwable trouble() {
        return trouble;
    }

    @Override
    public void close() {
        ending = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
    }
}
