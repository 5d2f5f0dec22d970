package io.amends.dashboard.kafka;

import java.time.Instant;
import java.util.UUID;

/**
 * A command that a saga sent.
 *
 * @param topic where it was sent
 * @param key its record's key, by which Kafka's producer chooses the partition
 * @param messageId its id, which a header of its record tells
 * @param sentAt when it was written, by the database's clock; it is published later than that
 */
public record SentCommand(String topic, String key, UUID messageId, Instant sentAt) {}
