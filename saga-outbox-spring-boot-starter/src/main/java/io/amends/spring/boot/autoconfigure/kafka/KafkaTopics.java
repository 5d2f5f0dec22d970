package io.amends.spring.boot.autoconfigure.kafka;

import io.amends.spring.boot.autoconfigure.OutboxProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it, once at the start, that Kafka answers and that the topics are there. For one thread. */
final class KafkaTopics {

    private static final Logger log = LoggerFactory.getLogger(KafkaTopics.class);
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final SagaKafkaSettings settings;
    private final OutboxProperties.Topics topics;
    private final Duration limit;

    /** Both checks together take at most that long. */
    KafkaTopics(SagaKafkaSettings settings, OutboxProperties.Topics topics, Duration limit) {
        this.settings = settings;
        this.topics = topics;
        this.limit = limit;
    }

    /**
     * Checks, and makes what is missing if that is allowed.
     *
     * @param names the topics that must be there
     * @return those that were made
     * @throws KafkaUnreachableException if no broker answers in time
     * @throws MissingTopicsException if topics are missing and may not be made
     */
    List<String> ensure(SortedSet<String> names) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Admin admin = connect()) {
            await(
                    admin.describeCluster(new DescribeClusterOptions().timeoutMs(left(deadline)))
                            .nodes(),
                    deadline);
            SortedSet<String> missing = missing(admin, names, deadline);
            if (missing.isEmpty()) {
                return List.of();
            }
            if (!topics.create()) {
                throw new MissingTopicsException(missing);
            }
            return create(admin, missing, deadline);
        } catch (ExecutionException failed) {
            throw unreachable(failed.getCause() == null ? failed : failed.getCause());
        } catch (TimeoutException late) {
            throw unreachable(late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unreachable(interrupted);
        }
    }

    private Admin connect() {
        try {
            return Admin.create(settings.admin());
        } catch (KafkaException refused) {
            throw unreachable(refused.getCause() instanceof ConfigException wrong ? wrong : refused);
        }
    }

    private static SortedSet<String> missing(Admin admin, SortedSet<String> names, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        SortedSet<String> missing = new TreeSet<>();
        var described = admin.describeTopics(names, new DescribeTopicsOptions().timeoutMs(left(deadline)))
                .topicNameValues();
        for (var topic : described.entrySet()) {
            try {
                await(topic.getValue(), deadline);
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed;
                }
                missing.add(topic.getKey());
            }
        }
        return missing;
    }

    private List<String> create(Admin admin, SortedSet<String> missing, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        Optional<Short> replication =
                topics.replicationFactor() == -1 ? Optional.empty() : Optional.of(topics.replicationFactor());
        List<NewTopic> wanted = missing.stream()
                .map(name -> new NewTopic(name, Optional.of(topics.partitions()), replication))
                .toList();
        List<String> created = new ArrayList<>();
        Map<String, KafkaFuture<Void>> results = admin.createTopics(
                        wanted, new CreateTopicsOptions().timeoutMs(left(deadline)))
                .values();
        for (String name : missing) {
            KafkaFuture<Void> result = results.get(name);
            if (result == null) {
                throw new IllegalStateException("Kafka's client did not answer for topic " + name);
            }
            try {
                await(result, deadline);
                created.add(name);
            } catch (ExecutionException failed) {
                Throwable cause = failed.getCause();
                if (cause == null || cause instanceof RetriableException) {
                    throw failed;
                }
                if (!(cause instanceof TopicExistsException)) {
                    throw new IllegalStateException(
                            "Kafka refused to make topic %s with %d partitions and replication factor %d: %s Change saga.topics.*, or make the topic by hand."
                                    .formatted(
                                            name, topics.partitions(), topics.replicationFactor(), cause.getMessage()),
                            cause);
                }
                log.debug("Another process made topic {} at the same time", name);
            }
        }
        return created;
    }

    private static <T> T await(KafkaFuture<T> result, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        return result.get(left(deadline), TimeUnit.MILLISECONDS);
    }

    private static int left(long deadline) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (deadline - System.nanoTime()) / NANOS_PER_MILLI));
    }

    private KafkaUnreachableException unreachable(Throwable cause) {
        boolean late =
                cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException;
        String reason = late
                ? "no answer within " + (limit.toNanosPart() == 0 ? limit.toSeconds() + "s" : limit.toMillis() + "ms")
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new KafkaUnreachableException(settings.servers(), reason, cause);
    }
}
