package io.amends.outbox.relay;

import io.amends.outbox.HeaderCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends one chunk at a time and says what was acknowledged. After the first record that fails, the producer is closed
 * from within its own callback, before it can send anything more: no later record of a key overtakes an earlier one. Used
 * by one thread.
 */
final class Publisher {

    private static final int ACKNOWLEDGED = 1;

    private final Supplier<Producer<byte[], byte[]>> producers;
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

    /** Whether the topic exists, as far as can be found out within the producer's patience. */
    boolean knows(String topic) {
        try {
            return !open().partitionsFor(topic).isEmpty();
        } catch (TimeoutException absentOrAway) {
            return false;
        }
    }

    /** Sends the rows and waits for their acknowledgements, while the lease is held and no longer than the limit. */
    Sent send(List<OutboxRow> rows, Duration limit, BooleanSupplier leaseHeld) throws InterruptedException {
        Producer<byte[], byte[]> open = open();
        AtomicIntegerArray states = new AtomicIntegerArray(rows.size());
        AtomicReference<@Nullable Failure> first = new AtomicReference<>();
        CountDownLatch left = new CountDownLatch(rows.size());
        int begun = 0;
        for (OutboxRow row : rows) {
            if (first.get() != null) {
                break;
            }
            int index = begun++;
            try {
                open.send(record(row), (metadata, thrown) -> {
                    if (thrown == null) {
                        states.set(index, ACKNOWLEDGED);
                    } else if (first.compareAndSet(null, new Failure(row, thrown))) {
                        open.close(Duration.ZERO);
                    }
                    left.countDown();
                });
            } catch (RuntimeException thrown) {
                first.compareAndSet(null, new Failure(row, thrown));
                left.countDown();
            }
        }
        for (int skipped = begun; skipped < rows.size(); skipped++) {
            left.countDown();
        }
        await(left, rows, first, limit, leaseHeld);
        Failure failure = first.get();
        if (failure != null) {
            close();
        }
        return new Sent(acknowledged(rows, states), failure);
    }

    private void await(
            CountDownLatch left,
            List<OutboxRow> rows,
            AtomicReference<@Nullable Failure> first,
            Duration limit,
            BooleanSupplier leaseHeld)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!left.await(100, TimeUnit.MILLISECONDS)) {
            boolean late = System.nanoTime() - deadline > 0;
            if (late || !leaseHeld.getAsBoolean()) {
                first.compareAndSet(
                        null,
                        new Failure(
                                rows.get(0),
                                new TimeoutException(
                                        late ? "no acknowledgement within " + limit : "the lease could not be kept")));
                close();
                return;
            }
        }
    }

    /** Those that were acknowledged, but for rows of a key behind one that was not. */
    private static List<Long> acknowledged(List<OutboxRow> rows, AtomicIntegerArray states) {
        List<Long> positions = new ArrayList<>(rows.size());
        Set<List<String>> broken = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            OutboxRow row = rows.get(i);
            if (states.get(i) != ACKNOWLEDGED) {
                broken.add(List.of(row.topic(), row.key()));
            } else if (broken.isEmpty() || !broken.contains(List.of(row.topic(), row.key()))) {
                positions.add(row.position());
            }
        }
        return positions;
    }

    private static ProducerRecord<byte[], byte[]> record(OutboxRow row) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(row.topic(), row.key().getBytes(StandardCharsets.UTF_8), row.payload());
        HeaderCodec.decode(row.headers())
                .forEach((name, value) -> record.headers().add(name, value));
        return record;
    }

    private Producer<byte[], byte[]> open() {
        if (producer == null) {
            producer = producers.get();
        }
        return producer;
    }

    /** Closes the producer without waiting for what is under way; the next chunk opens another. */
    void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
