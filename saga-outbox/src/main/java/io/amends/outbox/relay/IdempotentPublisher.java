package io.amends.outbox.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Each record counts for itself, and of each key what comes before its first gap counts as published. After the first
 * record that fails, the producer is closed from within its own callback, before it can send anything more: no later record
 * of a key overtakes an earlier one.
 */
final class IdempotentPublisher implements Publisher {

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final NarrowTopics narrow = new NarrowTopics();
    private @Nullable OpenProducer producer;

    /** @param producers opens producers with {@link RelayProducer#settings} */
    IdempotentPublisher(Supplier<Producer<byte[], byte[]>> producers) {
        this.producers = producers;
    }

    @Override
    public void open() {
        if (producer == null) {
            producer = new OpenProducer(producers.get());
        }
    }

    @Override
    public boolean isOpen() {
        return producer != null;
    }

    @Override
    public void send(List<OutboxRow> rows, Runnable whenKnown) {
        OpenProducer open = opened();
        open.next(rows, narrow, open::closeAtOnce, whenKnown).begin();
    }

    @Override
    public boolean isUnderWay() {
        return opened().isUnderWay();
    }

    @Override
    public Sent await(Duration limit, BooleanSupplier mayWait) throws InterruptedException {
        Transmission begun = opened().complete(Patience.of(limit, mayWait));
        if (!begun.isAcknowledged()) {
            // Waits for the callbacks, after which nothing of the chunk changes any more.
            close();
        }
        return new Sent(begun.acknowledged(), begun.failure());
    }

    @Override
    public Optional<Obstacle> obstacle(String topic) {
        return opened().obstacle(topic);
    }

    @Override
    public Optional<String> reasonCode(Throwable thrown) {
        return PermanentFailures.reasonCode(thrown);
    }

    @Override
    public boolean foresees(Throwable thrown) {
        return PermanentFailures.passes(thrown);
    }

    @Override
    public boolean isAtomic() {
        return false;
    }

    private OpenProducer opened() {
        if (producer == null) {
            throw new IllegalStateException("The publisher is closed. Call open() first, after a failure again.");
        }
        return producer;
    }

    @Override
    public void close() {
        OpenProducer open = producer;
        producer = null;
        if (open != null) {
            open.closeAtOnce();
        }
    }
}
