package io.amends.dashboard.kafka;

import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * One search for a command: first in the partition that Kafka's own partitioner gives its key, then in all others, since a
 * producer may have another partitioner and a topic gets more partitions. For one thread and one use.
 */
final class PlaceSearch {

    /** How far clocks of the database, the relay and Kafka may be apart. */
    static final Duration SLACK = Duration.ofSeconds(30);

    private static final Duration ONE_POLL = Duration.ofMillis(200);

    /** Of the whole time, for what the group is asked at the end. */
    private static final int PART_FOR_GROUP = 6;

    private final Map<String, Object> settings;
    private final Supplier<Admin> admin;
    private final int most;
    private final Duration limit;
    private final long end;
    private final long endOfReading;
    private int searched;

    /**
     * Which takes at most that long from now on.
     *
     * @param settings of its consumer
     * @param admin asked about the group
     * @param most how many records it looks at
     */
    PlaceSearch(Map<String, Object> settings, Supplier<Admin> admin, int most, Duration limit) {
        this.settings = settings;
        this.admin = admin;
        this.most = most;
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
        this.endOfReading = end - limit.toNanos() / PART_FOR_GROUP;
    }

    /** @throws KafkaException if Kafka does not tell */
    CommandPlace find(SentCommand sought) {
        String topic = sought.topic();
        Instant from = sought.sentAt().minus(SLACK);
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> all = consumer.partitionsFor(topic, left()).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            if (all.isEmpty()) {
                throw new UnknownTopicOrPartitionException(topic);
            }
            Reading reading = new Reading(
                    consumer,
                    starts(consumer, all, from),
                    consumer.endOffsets(all, left()),
                    sought.messageId().toString());
            Set<TopicPartition> likely = Set.of(new TopicPartition(topic, partitionOf(sought.key(), all.size())));
            ConsumerRecord<byte[], byte[]> found = reading.of(likely);
            if (found == null) {
                found = reading.of(all.stream()
                        .filter(partition -> !likely.contains(partition))
                        .toList());
            }
            return found == null
                    ? CommandPlace.missing(reading.isThrough, topic, searched, from)
                    : withGroup(found, from);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** As Kafka's own producer chooses it. */
    static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /** The first record of each partition that is not older than that; nothing of those that have none. */
    private Map<TopicPartition, Long> starts(
            Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Instant from) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, Math.max(0, from.toEpochMilli())));
        Map<TopicPartition, Long> starts = new HashMap<>();
        consumer.offsetsForTimes(times, left()).forEach((partition, first) -> {
            if (first != null) {
                starts.put(partition, first.offset());
            }
        });
        return starts;
    }

    /** Reads partitions to what was their end when the search began. */
    private final class Reading {

        private final Consumer<byte[], byte[]> consumer;
        private final Map<TopicPartition, Long> starts;
        private final Map<TopicPartition, Long> ends;
        private final byte[] id;

        /** Whether all that was to be read was. */
        private boolean isThrough = true;

        Reading(
                Consumer<byte[], byte[]> consumer,
                Map<TopicPartition, Long> starts,
                Map<TopicPartition, Long> ends,
                String id) {
            this.consumer = consumer;
            this.starts = starts;
            this.ends = ends;
            this.id = id.getBytes(StandardCharsets.UTF_8);
        }

        /** The record in one of those partitions; null if it was not found. */
        @Nullable
        ConsumerRecord<byte[], byte[]> of(Collection<TopicPartition> partitions) {
            Set<TopicPartition> open = partitions.stream()
                    .filter(partition -> starts.getOrDefault(partition, Long.MAX_VALUE) < end(partition))
                    .collect(Collectors.toCollection(HashSet::new));
            consumer.assign(open);
            open.forEach(partition -> consumer.seek(partition, starts.getOrDefault(partition, 0L)));
            while (!open.isEmpty()) {
                if (searched >= most || System.nanoTime() - endOfReading >= 0) {
                    isThrough = false;
                    return null;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(ONE_POLL)) {
                    searched++;
                    Header header = record.headers().lastHeader(WireHeaders.ID);
                    if (header != null && Arrays.equals(header.value(), id)) {
                        return record;
                    }
                }
                Set<TopicPartition> done = open.stream()
                        .filter(partition -> consumer.position(partition, left()) >= end(partition))
                        .collect(Collectors.toSet());
                consumer.pause(done);
                open.removeAll(done);
            }
            return null;
        }

        private long end(TopicPartition partition) {
            return ends.getOrDefault(partition, 0L);
        }
    }

    private CommandPlace withGroup(ConsumerRecord<byte[], byte[]> found, Instant from) {
        String topic = found.topic();
        CommandPlace place = CommandPlace.at(
                topic,
                "%s-%d@%d".formatted(topic, found.partition(), found.offset()),
                Instant.ofEpochMilli(found.timestamp()),
                searched,
                from);
        try {
            // The group of a participant is named like the topic that it reads.
            return place.readBy(topic, found.offset(), next(topic, new TopicPartition(topic, found.partition())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return place.but(LagQuestion.why(interrupted, limit));
        } catch (ExecutionException | TimeoutException | KafkaException refused) {
            return place.but(LagQuestion.why(topic, refused, limit));
        }
    }

    /** Where the group goes on; null if it has read nothing there. */
    private @Nullable Long next(String group, TopicPartition partition)
            throws InterruptedException, ExecutionException, TimeoutException {
        var answer = admin.get()
                .listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition))),
                        new ListConsumerGroupOffsetsOptions().timeoutMs((int) left().toMillis()))
                .partitionsToOffsetAndMetadata(group);
        try {
            OffsetAndMetadata committed =
                    answer.get(left().toMillis(), TimeUnit.MILLISECONDS).get(partition);
            return committed == null ? null : committed.offset();
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof GroupIdNotFoundException) {
                return null;
            }
            throw refused;
        }
    }

    private Duration left() {
        return Duration.ofMillis(Math.max(1, (end - System.nanoTime()) / TimeUnit.MILLISECONDS.toNanos(1)));
    }

    /** In a sentence, why Kafka does not tell, and what to do. */
    static String why(String topic, KafkaException refused, Duration limit) {
        return refused instanceof TopicAuthorizationException
                ? "Kafka does not let this process read topic %s. Allow it READ on the topic: sagas do not need that, finding commands does."
                        .formatted(topic)
                : LagQuestion.why(topic, refused, limit);
    }
}
