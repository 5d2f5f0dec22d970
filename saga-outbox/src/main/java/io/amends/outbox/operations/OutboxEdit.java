package io.amends.outbox.operations;

import io.amends.outbox.OutboxMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be put in the place of a refused record's parts; null leaves a part as it is. Its key, its id and its place in
 * the order stay. Headers are replaced all together: keep {@code ce_id} unless consumers are to take it for another message.
 */
public record OutboxEdit(
        @Nullable String topic,
        @Nullable String type,
        byte @Nullable [] payload,
        @Nullable Map<String, byte[]> headers) {

    /** @throws IllegalArgumentException if all are null */
    public OutboxEdit {
        if (topic == null && type == null && payload == null && headers == null) {
            throw new IllegalArgumentException("This edit changes nothing. To try the record as it is, unpark it.");
        }
        headers = headers == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Another payload. */
    public static OutboxEdit ofPayload(byte[] payload) {
        return new OutboxEdit(null, null, payload, null);
    }

    /** Another topic. */
    public static OutboxEdit ofTopic(String topic) {
        return new OutboxEdit(topic, null, null, null);
    }

    /** Other headers, all of them. */
    public static OutboxEdit ofHeaders(Map<String, byte[]> headers) {
        return new OutboxEdit(null, null, null, headers);
    }

    /** The record as it will be; its present headers are asked for only if they stay. */
    OutboxMessage applied(
            UUID id, String topic, String key, String type, byte[] payload, Supplier<Map<String, byte[]>> headers) {
        return new OutboxMessage(
                id,
                this.topic == null ? topic : this.topic,
                key,
                this.type == null ? type : this.type,
                this.payload == null ? payload : this.payload,
                this.headers == null ? headers.get() : this.headers);
    }

    /** Tells what is replaced, not by what. */
    @Override
    public String toString() {
        return "OutboxEdit[topic=%s, type=%s, payload=%s, headers=%s]"
                .formatted(
                        topic,
                        type,
                        payload == null ? "as it is" : payload.length + " bytes",
                        headers == null ? "as they are" : headers.keySet());
    }
}
