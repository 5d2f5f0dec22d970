package io.amends.outbox.relay;

/**
 * A committed message that Kafka has not acknowledged.
 *
 * @param position its place in the outbox; ascending for each key in commit order
 * @param topic the Kafka topic
 * @param key the Kafka key
 * @param payload the value
 * @param headers the encoded headers
 */
public record OutboxRow(long position, String topic, String key, byte[] payload, byte[] headers) {}
