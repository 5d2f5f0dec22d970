package io.amends.runtime.wire;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as the transport delivered it.
 *
 * @param topic where it was read
 * @param partition likewise; {@link #OUTBOX} where there is no Kafka in between
 * @param offset likewise; without Kafka the position in the outbox
 * @param key its key, null if it has none
 * @param value its payload, null if it has none
 * @param headers its headers; of a repeated name the last one
 */
public record InboundRecord(
        String topic,
        int partition,
        long offset,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Map<String, byte[]> headers) {

    /** The record came straight from the outbox. No partition of Kafka's has that number, so that places never coincide. */
    public static final int OUTBOX = -1;

    /** The header as UTF-8 text, null if it is absent. */
    public @Nullable String text(String header) {
        byte[] bytes = headers.get(header);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Topic, partition and offset, or position in the outbox, for logs and errors. */
    public String place() {
        return partition == OUTBOX ? topic + "@" + offset + " of the outbox" : topic + "-" + partition + "@" + offset;
    }
}
