package io.amends.outbox.relay;

import java.util.Map;

/**
 * A message of the outbox that is handed over within this process.
 *
 * @param position its place in the outbox, which no other message has; the same at each delivery
 * @param topic where it is sent
 * @param key its key
 * @param payload its payload
 * @param headers its headers
 */
public record LocalMessage(long position, String topic, String key, byte[] payload, Map<String, byte[]> headers) {}
