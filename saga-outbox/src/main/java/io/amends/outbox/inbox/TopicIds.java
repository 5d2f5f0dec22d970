package io.amends.outbox.inbox;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/** Tells the ids that Kafka gave topics: a topic that was deleted and made anew has another one. */
@FunctionalInterface
public interface TopicIds {

    /**
     * The ids by the topics' names.
     *
     * @throws KafkaException if Kafka does not tell
     */
    Map<String, UUID> of(Set<String> topics);

    /** Asks Kafka, each time, and waits at most that long. */
    static TopicIds askedOf(Admin admin, Duration limit) {
        return topics -> {
            try {
                return ids(admin.describeTopics(topics)
                        .allTopicNames()
                        .get(limit.toMillis(), TimeUnit.MILLISECONDS)
                        .values());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new KafkaException("Interrupted while Kafka was asked for the ids of " + topics, interrupted);
            } catch (ExecutionException | TimeoutException trouble) {
                throw new KafkaException(
                        "Kafka does not tell the ids of %s. The consumer needs the right to describe its topics."
                                .formatted(topics),
                        trouble);
            }
        };
    }

    private static Map<String, UUID> ids(Collection<TopicDescription> topics) {
        Map<String, UUID> ids = new HashMap<>();
        topics.forEach(topic -> ids.put(
                topic.name(),
                new UUID(
                        topic.topicId().getMostSignificantBits(),
                        topic.topicId().getLeastSignificantBits())));
        return ids;
    }
}
