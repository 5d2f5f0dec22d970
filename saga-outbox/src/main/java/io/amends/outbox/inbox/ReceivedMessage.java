package io.amends.outbox.inbox;

import java.util.UUID;

/**
 * A message as it arrived.
 *
 * @param id its id, the same at each delivery; where the record brought none, one made of its place
 * @param identified whether the record brought the id, so that a repeat by its sender is recognised too
 * @param topicId the id that Kafka gave the topic; always the same where there is no Kafka
 * @param record the record
 */
public record ReceivedMessage(UUID id, boolean identified, UUID topicId, InboxRecord record) {

    /** Topic, partition and offset, or position in the outbox, for logs. */
    public String place() {
        return record.partition() == InboxRecord.OUTBOX
                ? "%s@%d of the outbox".formatted(record.topic(), record.offset())
                : "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    }
}
