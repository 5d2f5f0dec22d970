package io.amends.outbox.relay;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who takes the messages of which topic in this process, where there is no Kafka. Safe for use by many threads. */
public final class LocalReceivers {

    private final Map<String, List<Entry>> byTopic = new ConcurrentHashMap<>();

    /** A receiver, and the most messages that it takes at once. */
    record Entry(LocalReceiver receiver, int most) {}

    /**
     * Adds a receiver. A topic may have several; each is given all messages.
     *
     * @param most the most messages that it is given at once, at least 1
     */
    public void add(String topic, int most, LocalReceiver receiver) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "The receiver of topic %s must take at least 1 message at once, not %d.".formatted(topic, most));
        }
        byTopic.computeIfAbsent(topic, name -> new CopyOnWriteArrayList<>()).add(new Entry(receiver, most));
    }

    /** The topics that somebody takes. */
    public Set<String> topics() {
        return Set.copyOf(byTopic.keySet());
    }

    /** The topic's receivers, none if nobody takes it. */
    List<Entry> of(String topic) {
        return byTopic.getOrDefault(topic, List.of());
    }
}
