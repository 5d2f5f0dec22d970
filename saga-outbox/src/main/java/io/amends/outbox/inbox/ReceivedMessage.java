package io.amends.outbox.inbox;

import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A message as it arrived.
 *
 * @param id its id, the same at each delivery; where the record brought none, one made of its place
 * @param identified whether the record brought the id, so that a repeat by its sender is recognised too
 * @param topicId the id that Kafka gave the topic
 * @param record the record
 */
public record ReceivedMessage(UUID id, boolean identified, UUID topicId, ConsumerRecord<byte[], byte[]> record) {

    /** Topic, partition and offset, for logs. */
    public String place() {
        return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    }
}
