package io.amends.dashboard.kafka;

import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * One question to Kafka about topics and their groups: two rounds of requests, whatever number of topics. For one thread and
 * one use.
 */
final class LagQuestion {

    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Admin admin;
    private final Duration limit;
    private final long deadline;

    /** Which takes at most that long from now on. */
    LagQuestion(Admin admin, Duration limit) {
        this.admin = admin;
        this.limit = limit;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /**
     * What Kafka said.
     *
     * @param topics in the order of the names
     * @param ends how many records were ever published, by topic
     * @param omitted how many topics were left out because of their partitions
     */
    record Told(List<TopicLag> topics, Map<String, Long> ends, int omitted) {}

    /**
     * Asks.
     *
     * @param mostPartitions how many partitions are asked for at most; topics beyond that are left out
     * @throws ExecutionException if Kafka refuses to tell of topics at all
     * @throws TimeoutException if it does not answer in time
     */
    Told ask(List<String> names, int mostPartitions) throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicLag> rows = new TreeMap<>();
        Map<String, List<TopicPartition>> known = new TreeMap<>();
        int omitted = describe(names, mostPartitions, rows, known);
        Map<String, Long> ends = new HashMap<>();
        if (!known.isEmpty()) {
            Offsets offsets = offsets(known);
            for (var topic : known.entrySet()) {
                rows.put(topic.getKey(), row(topic.getKey(), topic.getValue(), offsets, ends));
            }
        }
        return new Told(List.copyOf(rows.values()), ends, omitted);
    }

    private int describe(
            List<String> names, int mostPartitions, Map<String, TopicLag> rows, Map<String, List<TopicPartition>> known)
            throws InterruptedException, ExecutionException, TimeoutException {
        int omitted = 0;
        int all = 0;
        var answers = admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs(left()))
                .topicNameValues();
        for (var answer : new TreeMap<>(answers).entrySet()) {
            String topic = answer.getKey();
            try {
                List<TopicPartition> partitions = await(answer.getValue()).partitions().stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
                if (all + partitions.size() > mostPartitions) {
                    omitted++;
                } else {
                    all += partitions.size();
                    known.put(topic, partitions);
                }
            } catch (ExecutionException refused) {
                if (!(refused.getCause() instanceof UnknownTopicOrPartitionException)
                        && !(refused.getCause() instanceof AuthorizationException)) {
                    throw refused;
                }
                rows.put(topic, TopicLag.untold(topic, null, why(topic, refused, limit)));
            }
        }
        return omitted;
    }

    private record Offsets(
            ListOffsetsResult first,
            ListOffsetsResult end,
            ListConsumerGroupOffsetsResult committed,
            Map<String, KafkaFuture<ConsumerGroupDescription>> groups) {}

    private Offsets offsets(Map<String, List<TopicPartition>> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
        topics.forEach((topic, of) -> {
            partitions.addAll(of);
            groups.put(topic, new ListConsumerGroupOffsetsSpec().topicPartitions(of));
        });
        return new Offsets(
                admin.listOffsets(all(partitions, OffsetSpec.earliest()), new ListOffsetsOptions().timeoutMs(left())),
                admin.listOffsets(all(partitions, OffsetSpec.latest()), new ListOffsetsOptions().timeoutMs(left())),
                admin.listConsumerGroupOffsets(groups, new ListConsumerGroupOffsetsOptions().timeoutMs(left())),
                admin.describeConsumerGroups(topics.keySet(), new DescribeConsumerGroupsOptions().timeoutMs(left()))
                        .describedGroups());
    }

    private static Map<TopicPartition, OffsetSpec> all(List<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, which));
        return wanted;
    }

    private TopicLag row(String topic, List<TopicPartition> partitions, Offsets offsets, Map<String, Long> ends)
            throws InterruptedException {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    ofGroup(offsets.committed().partitionsToOffsetAndMetadata(topic), Function.identity(), Map.of());
            KafkaFuture<ConsumerGroupDescription> group = offsets.groups().get(topic);
            int members = group == null
                    ? 0
                    : ofGroup(group, description -> description.members().size(), 0);
            long published = 0;
            long behind = 0;
            @Nullable Integer worst = null;
            long worstBehind = 0;
            for (TopicPartition partition : partitions) {
                long first = await(offsets.first().partitionResult(partition)).offset();
                long end = await(offsets.end().partitionResult(partition)).offset();
                OffsetAndMetadata taken = committed.get(partition);
                // Who has taken nothing begins with the first record, and so does who wants one that is deleted
                // already.
                long missing = Math.max(0, end - Math.max(first, taken == null ? 0 : taken.offset()));
                published += end;
                behind += missing;
                if (missing > worstBehind) {
                    worst = partition.partition();
                    worstBehind = missing;
                }
            }
            ends.put(topic, published);
            return new TopicLag(
                    topic,
                    topic,
                    partitions.size(),
                    behind,
                    worst,
                    worst == null ? null : worstBehind,
                    members,
                    null,
                    null);
        } catch (ExecutionException | TimeoutException refused) {
            return TopicLag.untold(topic, partitions.size(), why(topic, refused, limit));
        }
    }

    /** What is said of a group, or that if it is not there: nobody has ever read. */
    private <T, R> R ofGroup(KafkaFuture<T> answer, Function<T, R> part, R otherwise)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return part.apply(await(answer));
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof GroupIdNotFoundException) {
                return otherwise;
            }
            throw refused;
        }
    }

    /** In a sentence, why Kafka does not tell of a topic, and what to do. */
    static String why(String topic, Exception refused, Duration limit) {
        Throwable cause =
                refused instanceof ExecutionException && refused.getCause() != null ? refused.getCause() : refused;
        if (cause instanceof UnknownTopicOrPartitionException) {
            return "Kafka has no topic %s. The service that reads it makes it when it starts, or make it by hand."
                    .formatted(topic);
        }
        if (cause instanceof GroupAuthorizationException) {
            return "Kafka does not let this process see group %s. Allow it DESCRIBE on the group.".formatted(topic);
        }
        if (cause instanceof AuthorizationException) {
            return "Kafka does not let this process see topic %s. Allow it DESCRIBE on the topic.".formatted(topic);
        }
        return why(cause, limit);
    }

    /** Likewise, why it tells nothing. */
    static String why(Throwable cause, Duration limit) {
        if (cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return "Kafka did not answer within %d ms. See whether this process reaches its brokers."
                    .formatted(limit.toMillis());
        }
        return "Kafka did not tell: %s"
                .formatted(ErrorText.of(cause.getCause() instanceof ConfigException wrong ? wrong : cause));
    }

    private <T> T await(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(left(), TimeUnit.MILLISECONDS);
    }

    private int left() {
        return (int) Math.max(1, (deadline - System.nanoTime()) / NANOS_PER_MILLI);
    }
}
