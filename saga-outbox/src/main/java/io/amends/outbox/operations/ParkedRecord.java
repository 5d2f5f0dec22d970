package io.amends.outbox.operations;

import java.time.Instant;
import java.util.UUID;

/**
 * A refused record that its key waits for, without its payload and headers.
 *
 * @param position its place in the outbox, by which orders name it
 * @param messageId the message's id
 * @param reasonCode why Kafka refuses it, a stable code; empty if it was edited and refused for no reason since
 * @param reason the same in Kafka's words
 * @param createdAt when it was appended
 * @param parkedAt when it was refused last
 * @param followers how many later records of its key wait behind it; counted up to 10,000
 * @param bytes the size of payload and headers
 */
public record ParkedRecord(
        long position,
        UUID messageId,
        String topic,
        String key,
        String type,
        String reasonCode,
        String reason,
        Instant createdAt,
        Instant parkedAt,
        long followers,
        long bytes) {}
