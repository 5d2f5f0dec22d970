package io.amends.dashboard.kafka;

import org.jspecify.annotations.Nullable;

/**
 * How far the consumers of a topic are behind. Either {@code trouble} is null, or all numbers that Kafka should have told are.
 *
 * @param topic the topic
 * @param group the consumer group, which is named like the topic
 * @param partitions how many partitions the topic has
 * @param behind how many records, of all partitions, the group has not taken; markers of Kafka's transactions count too
 * @param worst the partition that is the most behind, null if none is
 * @param worstBehind how many records it is behind
 * @param members how many consumers the group has now
 * @param perSecond how many records a second were published since the topic was looked at before; null if that was long ago
 * @param trouble why Kafka does not tell, and what to do; null if it does
 */
public record TopicLag(
        String topic,
        String group,
        @Nullable Integer partitions,
        @Nullable Long behind,
        @Nullable Integer worst,
        @Nullable Long worstBehind,
        @Nullable Integer members,
        @Nullable Double perSecond,
        @Nullable String trouble) {

    static TopicLag untold(String topic, @Nullable Integer partitions, String trouble) {
        return new TopicLag(topic, topic, partitions, null, null, null, null, null, trouble);
    }

    TopicLag with(@Nullable Double rate) {
        return new TopicLag(topic, group, partitions, behind, worst, worstBehind, members, rate, trouble);
    }
}
