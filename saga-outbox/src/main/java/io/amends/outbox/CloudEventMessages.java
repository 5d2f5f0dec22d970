package io.amends.outbox;

import com.fasterxml.uuid.Generators;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Makes messages that are CloudEvents 1.0 in the binary mode of its Kafka protocol binding: the payload is the data, the
 * attributes are headers. Id and time are those of the call; the message's own id is the event's. Safe for use by many
 * threads if its suppliers are.
 */
public final class CloudEventMessages {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,20}");
    private static final Set<String> OURS =
            Set.of("id", "source", "specversion", "type", "time", "datacontenttype", "data");

    private final String source;
    private final Supplier<UUID> ids;
    private final InstantSource clock;

    /**
     * @param source who sends, a URI reference such as {@code /orders} or {@code https://shop.example/orders}; with the id
     *     it makes an event unique
     * @param ids makes the events' ids, UUIDv7
     * @param clock gives their times
     * @throws IllegalArgumentException if the source is empty or no URI reference
     */
    public CloudEventMessages(String source, Supplier<UUID> ids, InstantSource clock) {
        if (source.isBlank()) {
            throw new IllegalArgumentException("A CloudEvent needs a source that is not empty.");
        }
        this.source = URI.create(source).toString();
        this.ids = ids;
        this.clock = clock;
    }

    /** With ids made here and the system's clock; see the constructor. */
    public static CloudEventMessages from(String source) {
        return new CloudEventMessages(source, Generators.timeBasedEpochGenerator()::generate, InstantSource.system());
    }

    /**
     * An event without further attributes.
     *
     * @param topic the Kafka topic
     * @param key the Kafka key; messages of one key stay in order
     * @param type the event's type
     * @param contentType the payload's media type
     * @param payload the event's data
     */
    public OutboxMessage message(String topic, String key, String type, String contentType, byte[] payload) {
        return message(topic, key, type, contentType, payload, Map.of());
    }

    /**
     * An event.
     *
     * @param topic the Kafka topic
     * @param key the Kafka key; messages of one key stay in order
     * @param type the event's type
     * @param contentType the payload's media type
     * @param payload the event's data
     * @param attributes further attributes: {@code subject}, {@code dataschema} and extensions
     * @throws IllegalArgumentException if an attribute has a name that CloudEvents does not allow, or one that is set here
     */
    public OutboxMessage message(
            String topic, String key, String type, String contentType, byte[] payload, Map<String, String> attributes) {
        UUID id = ids.get();
        Instant time = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<String, byte[]> headers = new LinkedHashMap<>();
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", id.toString());
        put(headers, "ce_source", source);
        put(headers, "ce_type", type);
        put(headers, "ce_time", time.toString());
        put(headers, "content-type", contentType);
        attributes.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || OURS.contains(name)) {
                throw new IllegalArgumentException(
                        "CloudEvents allows no further attribute of the name '%s': take 1 to 20 lower case letters and digits, and none of %s."
                                .formatted(name, OURS.stream().sorted().toList()));
            }
            put(headers, "ce_" + name, value);
        });
        return new OutboxMessage(id, topic, key, type, payload, headers);
    }

    private static void put(Map<String, byte[]> headers, String name, String value) {
        headers.put(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
