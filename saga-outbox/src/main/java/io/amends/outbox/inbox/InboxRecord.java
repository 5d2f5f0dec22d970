package io.amends.outbox.inbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record as it was delivered, by Kafka or within the application. Safe for use by many threads; arrays are not copied. */
public interface InboxRecord {

    /** The partition of a record that came straight from the outbox. Kafka has none with that number. */
    int OUTBOX = -1;

    /** Its topic. */
    String topic();

    /** Its partition, or {@link #OUTBOX}. */
    int partition();

    /** Its offset in the partition, or its position in the outbox. */
    long offset();

    /** When it was sent, in milliseconds since 1970. */
    long timestamp();

    /** Its key, null if it has none. */
    byte @Nullable [] key();

    /** Its value, null if it has none. */
    byte @Nullable [] value();

    /** Its headers; of one that comes twice the last value, without those that have no value. */
    Map<String, byte[]> headers();

    /** The header's last value, null if it is absent or has none. */
    default byte @Nullable [] header(String name) {
        return headers().get(name);
    }
}
