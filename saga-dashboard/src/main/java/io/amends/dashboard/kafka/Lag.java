package io.amends.dashboard.kafka;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far consumers are behind.
 *
 * @param topics the topics, by name
 * @param omitted how many topics were left out, since there are too many or they have too many partitions
 * @param trouble why Kafka tells nothing at all, and what to do; null if it answered
 */
public record Lag(
        List<TopicLag> topics, int omitted, @Nullable String trouble) {

    public Lag {
        topics = List.copyOf(topics);
    }

    static Lag untold(String trouble) {
        return new Lag(List.of(), 0, trouble);
    }
}
