package io.amends.outbox.relay;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The topics whose records are sent one after the other, for a while after batches of them were cut in vain. */
final class NarrowTopics {

    private static final long NARROW_NANOS = Duration.ofSeconds(60).toNanos();

    private final Map<String, Long> since = new HashMap<>();

    void add(Collection<String> topics) {
        topics.forEach(topic -> since.put(topic, System.nanoTime()));
    }

    boolean contains(String topic) {
        Long added = since.get(topic);
        if (added == null) {
            return false;
        }
        if (System.nanoTime() - added < NARROW_NANOS) {
            return true;
        }
        since.remove(topic);
        return false;
    }
}
