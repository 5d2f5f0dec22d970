package io.amends.outbox;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A message that is to be published once its transaction has committed. The arrays are not copied and must not be
 * changed afterwards; equality is that of the arrays' identity.
 *
 * @param id its id, best a UUIDv7; consumers recognise repeats by it
 * @param topic the Kafka topic
 * @param key the Kafka key; messages of one key stay in order
 * @param type its logical type
 * @param payload the bytes of its value
 * @param headers the Kafka headers, in order
 */
public record OutboxMessage(
        UUID id, String topic, String key, String type, byte[] payload, Map<String, byte[]> headers) {

    public OutboxMessage {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(payload, "payload");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
