package io.amends.dashboard.kafka;

import io.amends.dashboard.kafka.SagaRecord.State;
import io.amends.dashboard.messages.RawMessage;
import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
 * One look at Kafka for one record. Of a command whose place nobody told, first in the partition that Kafka's own partitioner
 * gives its key, then in all others, since a producer may have another partitioner and a topic gets more partitions. For one
 * thread and one use.
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

    /** Whether all that was to be read was. */
    private boolean isThrough = true;

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
        Instant from = sought.sentAt().minus(SLACK);
        ConsumerRecord<byte[], byte[]> found = with(consumer -> sought(consumer, sought, from));
        return found == null ? CommandPlace.missing(isThrough, sought.topic(), searched, from) : withGroup(found, from);
    }

    /**
     * What that command holds.
     *
     * @throws KafkaException if Kafka does not tell
     */
    SagaRecord read(SentCommand sought) {
        Instant from = sought.sentAt().minus(SLACK);
        ConsumerRecord<byte[], byte[]> found = with(consumer -> sought(consumer, sought, from));
        return found == null ? SagaRecord.missing(isThrough, searched, from) : record(found);
    }

    /**
     * What the message holds that was read at that place.
     *
     * @throws KafkaException if Kafka does not tell
     */
    SagaRecord read(RecordPlace place, UUID messageId) {
        ConsumerRecord<byte[], byte[]> found = with(consumer -> at(consumer, place));
        if (found == null) {
            return SagaRecord.unread(State.GONE, place.toString(), null);
        }
        return hasId(found, bytes(messageId))
                ? record(found)
                : SagaRecord.unread(State.ANOTHER, place.toString(), null);
    }

    /** Looks for a record. */
    private interface Look {

        @Nullable
        ConsumerRecord<byte[], byte[]> by(Consumer<byte[], byte[]> consumer);
    }

    private @Nullable ConsumerRecord<byte[], byte[]> with(Look look) {
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            return look.by(consumer);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> all = consumer.partitionsFor(topic, left()).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (all.isEmpty()) {
            throw new UnknownTopicOrPartitionException(topic);
        }
        return all;
    }

    private @Nullable ConsumerRecord<byte[], byte[]> sought(
            Consumer<byte[], byte[]> consumer, SentCommand sought, Instant from) {
        String topic = sought.topic();
        List<TopicPartition> all = partitions(consumer, topic);
        Reading reading = new Reading(
                consumer, starts(consumer, all, from), consumer.endOffsets(all, left()), bytes(sought.messageId()));
        Set<TopicPartition> likely = Set.of(new TopicPartition(topic, partitionOf(sought.key(), all.size())));
        ConsumerRecord<byte[], byte[]> found = reading.of(likely);
        return found != null
                ? found
                : reading.of(all.stream()
                        .filter(partition -> !likely.contains(partition))
                        .toList());
    }

    /** The record at that place; null if there is none, or none any more. */
    private @Nullable ConsumerRecord<byte[], byte[]> at(Consumer<byte[], byte[]> consumer, RecordPlace place) {
        TopicPartition partition = new TopicPartition(place.topic(), place.partition());
        List<TopicPartition> one = List.of(partition);
        if (!partitions(consumer, place.topic()).contains(partition)
                || place.offset() < consumer.beginningOffsets(one, left()).getOrDefault(partition, 0L)
                || place.offset() >= consumer.endOffsets(one, left()).getOrDefault(partition, 0L)) {
            return null;
        }
        consumer.assign(one);
        consumer.seek(partition, place.offset());
        while (consumer.position(partition, left()) <= place.offset()) {
            if (System.nanoTime() - endOfReading >= 0) {
                throw new org.apache.kafka.common.errors.TimeoutException("The record did not come in time.");
            }
            // What is removed meanwhile leads to the first record that is left, and what is compacted to the next one.
            Iterator<ConsumerRecord<byte[], byte[]>> records =
                    consumer.poll(ONE_POLL).iterator();
            if (records.hasNext()) {
                ConsumerRecord<byte[], byte[]> first = records.next();
                return first.offset() == place.offset() ? first : null;
            }
        }
        return null;
    }

    private static byte[] bytes(UUID id) {
        return id.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A participant may write it in capitals. */
    private static boolean hasId(ConsumerRecord<byte[], byte[]> record, byte[] id) {
        Header header = record.headers().lastHeader(WireHeaders.ID);
        byte[] given = header == null ? null : header.value();
        return given != null
                && given.length == id.length
                && (Arrays.equals(given, id) || text(given).equalsIgnoreCase(text(id)));
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }

    private SagaRecord record(ConsumerRecord<byte[], byte[]> found) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        found.headers().forEach(header -> {
            byte[] value = header.value();
            headers.put(header.key(), value == null ? new byte[0] : value);
        });
        byte[] type = headers.get(WireHeaders.TYPE);
        return new SagaRecord(
                State.FOUND,
                new RecordPlace(found.topic(), found.partition(), found.offset()).toString(),
                Instant.ofEpochMilli(found.timestamp()),
                searched,
                null,
                null,
                new RawMessage(type == null ? null : new String(type, StandardCharsets.UTF_8), headers, found.value()));
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

        Reading(
                Consumer<byte[], byte[]> consumer,
                Map<TopicPartition, Long> starts,
                Map<TopicPartition, Long> ends,
                byte[] id) {
            this.consumer = consumer;
            this.starts = starts;
            this.ends = ends;
            this.id = id;
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
                    if (hasId(record, id)) {
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
                new RecordPlace(topic, found.partition(), found.offset()).toString(),
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
