package io.amends.outbox.inbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record that is not Kafka's own any more, or never was. */
record KeptRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Map<String, byte[]> headers)
        implements InboxRecord {}
