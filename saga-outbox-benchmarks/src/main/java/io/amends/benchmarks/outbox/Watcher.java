package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Message;
import io.amends.benchmarks.outbox.contender.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that notes when each message arrived, by {@link System#nanoTime}. It reads committed records only, so that
 * a Kafka transaction counts when a consumer may see it. Arrivals may be read by any thread.
 */
final class Watcher implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AtomicLongArray arrivals;
    private final CountDownLatch missing;
    private final Thread thread = new Thread(this::run, "watcher");
    private volatile boolean closing;
    private final AtomicLong repeats = new AtomicLong();

    /** Looks at the place's topic for messages numbered from 0 to that count. */
    Watcher(Place place, int count) {
        arrivals = new AtomicLongArray(count);
        missing = new CountDownLatch(count);
        consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                place.bootstrapServers(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                10_000));
        List<TopicPartition> partitions = IntStream.range(0, Servers.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(place.topic(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        // Known before anything is measured: where the partitions are, and that they are empty.
        partitions.forEach(consumer::position);
        thread.start();
    }

    private void run() {
        while (!closing) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                note(Message.numberIn(record.value()), System.nanoTime());
            }
        }
        consumer.close();
    }

    private void note(int number, long now) {
        if (number < 0 || number >= arrivals.length()) {
            return;
        }
        if (arrivals.compareAndSet(number, 0, now)) {
            missing.countDown();
        } else {
            repeats.incrementAndGet();
        }
    }

    /** Waits until all have arrived, and says how many have, repeats not counted. */
    int await(Duration limit) {
        try {
            missing.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return arrivals.length() - (int) missing.getCount();
    }

    /** When that one arrived; 0 if it has not. */
    long arrival(int number) {
        return arrivals.get(number);
    }

    /** When the last of those that have arrived did; 0 if none has. */
    long lastArrival() {
        long last = 0;
        for (int i = 0; i < arrivals.length(); i++) {
            long arrival = arrivals.get(i);
            if (arrival != 0 && (last == 0 || arrival - last > 0)) {
                last = arrival;
            }
        }
        return last;
    }

    /** Records that came again. */
    long repeats() {
        return repeats.get();
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
