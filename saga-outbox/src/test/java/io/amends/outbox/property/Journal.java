package io.amends.outbox.property;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the writers know of their own transactions; the truth that the topic is held against. Safe for use by many threads. */
final class Journal {

    private final Map<UUID, Message> committed = new HashMap<>();
    private final Map<UUID, Message> undone = new HashMap<>();
    private final Set<UUID> discarded = new HashSet<>();
    private final Map<UUID, Long> committedAt = new HashMap<>();

    /** Their transaction has committed. */
    synchronized void committed(Collection<Message> messages) {
        long now = System.currentTimeMillis();
        for (Message message : messages) {
            committed.put(message.id(), message);
            committedAt.put(message.id(), now);
        }
    }

    /** Their transaction, or the savepoint before them, was rolled back: they must never appear. */
    synchronized void undone(Collection<Message> messages) {
        messages.forEach(message -> undone.put(message.id(), message));
    }

    /** An operator took it out: it is not expected any more. */
    synchronized void discarded(UUID id) {
        discarded.add(id);
    }

    synchronized @Nullable Message committed(UUID id) {
        return committed.get(id);
    }

    synchronized @Nullable Message undone(UUID id) {
        return undone.get(id);
    }

    /** When the writer heard that it had committed, in milliseconds of this machine's clock. */
    synchronized long committedAt(UUID id) {
        return committedAt.getOrDefault(id, 0L);
    }

    synchronized Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        committed.values().forEach(message -> keys.add(message.key()));
        undone.values().forEach(message -> keys.add(message.key()));
        return keys;
    }

    /** Each key's committed messages in the order of their commits, also those that were discarded since. */
    synchronized Map<String, List<Message>> inCommitOrder() {
        return inCommitOrder(Set.of());
    }

    /** Each key's committed messages that are expected on the topic, in the order of their commits. */
    synchronized Map<String, List<Message>> expected() {
        return inCommitOrder(discarded);
    }

    private Map<String, List<Message>> inCommitOrder(Set<UUID> without) {
        Map<String, List<Message>> byKey = new HashMap<>();
        for (Message message : committed.values()) {
            if (!without.contains(message.id())) {
                byKey.computeIfAbsent(message.key(), key -> new ArrayList<>()).add(message);
            }
        }
        byKey.values().forEach(messages -> messages.sort(Comparator.comparingLong(Message::version)));
        return byKey;
    }

    /** How many messages were committed. */
    synchronized int size() {
        return committed.size();
    }

    /** How many messages of each kind of transaction were committed and undone. */
    synchronized String summary() {
        Map<String, Integer> kinds = new TreeMap<>();
        committed.values().forEach(message -> kinds.merge(message.how(), 1, Integer::sum));
        undone.values().forEach(message -> kinds.merge(message.how() + " undone", 1, Integer::sum));
        return kinds.toString();
    }
}
