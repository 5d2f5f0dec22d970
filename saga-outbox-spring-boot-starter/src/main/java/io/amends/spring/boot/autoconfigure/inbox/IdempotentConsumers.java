package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.InboxStats;
import io.amends.outbox.inbox.InboxWork;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The idempotent consumers that run in this process; none before they are started. Safe for use by many threads. */
public final class IdempotentConsumers {

    private volatile List<InboxWork> running = List.of();

    IdempotentConsumers() {}

    void set(List<? extends InboxWork> consumers) {
        running = List.copyOf(consumers);
    }

    /** What each has done since it was started, by its name. */
    public Map<String, InboxStats> stats() {
        Map<String, InboxStats> stats = new TreeMap<>();
        running.forEach(consumer -> stats.put(consumer.name(), consumer.stats()));
        return stats;
    }
}
