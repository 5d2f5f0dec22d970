package io.amends.outbox.property;

import io.amends.outbox.property.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Holds the topic against the journal, key by key. After removing repeats, a key's records must be its committed messages
 * in commit order; from a refused one on, all must be visible as parked instead. Pure.
 */
final class Checker {

    private static final int WINDOW = 6;

    private final Journal journal;
    private final Set<UUID> parked;
    private final List<Violation> violations = new ArrayList<>();

    private Checker(Journal journal, Set<UUID> parked) {
        this.journal = journal;
        this.parked = parked;
    }

    /**
     * Compares.
     *
     * @param arrivals the topic, each partition in its order
     * @param parked the messages that are visible as refused or behind a refused one of their key
     */
    static List<Violation> check(Journal journal, List<Arrival> arrivals, Set<UUID> parked) {
        Checker checker = new Checker(journal, parked);
        Map<String, List<Arrival>> firsts = firsts(arrivals);
        Map<String, List<Message>> expected = journal.expected();
        Set<String> keys = new HashSet<>(firsts.keySet());
        keys.addAll(expected.keySet());
        for (String key : keys.stream().sorted().toList()) {
            checker.check(key, expected.getOrDefault(key, List.of()), firsts.getOrDefault(key, List.of()));
        }
        return List.copyOf(checker.violations);
    }

    /** Each key's records without repeats; the first of each id stays. */
    private static Map<String, List<Arrival>> firsts(List<Arrival> arrivals) {
        Map<UUID, Arrival> byId = new LinkedHashMap<>();
        arrivals.forEach(arrival -> byId.putIfAbsent(arrival.id(), arrival));
        Map<String, List<Arrival>> byKey = new HashMap<>();
        byId.values()
                .forEach(arrival -> byKey.computeIfAbsent(arrival.key(), key -> new ArrayList<>())
                        .add(arrival));
        return byKey;
    }

    private void check(String key, List<Message> expected, List<Arrival> arrivals) {
        List<Arrival> known = new ArrayList<>();
        Set<UUID> arrived = new HashSet<>();
        for (Arrival arrival : arrivals) {
            Message message = journal.committed(arrival.id());
            if (message == null || !message.key().equals(key)) {
                invented(key, arrival);
            } else {
                known.add(arrival);
                arrived.add(arrival.id());
            }
        }
        checkOrder(key, expected, known);
        checkMissing(key, expected, known, arrived);
    }

    private void invented(String key, Arrival arrival) {
        Message undone = journal.undone(arrival.id());
        String what = undone == null
                ? "nobody wrote " + arrival.id()
                : "version %d was rolled back (%s)".formatted(undone.version(), undone.how());
        add(Kind.INVENTED, key, what + ", and is at " + arrival.place(), arrival.sentAt(), arrival.sentAt());
    }

    private void checkOrder(String key, List<Message> expected, List<Arrival> known) {
        for (int i = 1; i < known.size(); i++) {
            Message before = message(known.get(i - 1));
            Message after = message(known.get(i));
            if (after.version() < before.version()) {
                add(
                        Kind.OUT_OF_ORDER,
                        key,
                        "version %d (%s, at %s) came after version %d (%s, at %s). Expected ...%s..., the topic has ...%s..."
                                .formatted(
                                        after.version(),
                                        after.how(),
                                        known.get(i).place(),
                                        before.version(),
                                        before.how(),
                                        known.get(i - 1).place(),
                                        around(expected, expected.indexOf(after)),
                                        around(versions(known), i)),
                        Math.min(journal.committedAt(after.id()), journal.committedAt(before.id())),
                        known.get(i).sentAt());
                return;
            }
        }
    }

    private void checkMissing(String key, List<Message> expected, List<Arrival> known, Set<UUID> arrived) {
        List<Message> missing = expected.stream()
                .filter(message -> !arrived.contains(message.id()))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        List<Message> lost = missing.stream()
                .filter(message -> !parked.contains(message.id()))
                .toList();
        Message first = missing.get(0);
        if (!lost.isEmpty()) {
            Message one = lost.get(0);
            add(
                    Kind.LOST,
                    key,
                    "%d of %d are neither on the topic nor parked, first version %d (%s, id %s). Expected ...%s..., the topic has %s"
                            .formatted(
                                    lost.size(),
                                    expected.size(),
                                    one.version(),
                                    one.how(),
                                    one.id(),
                                    around(expected, expected.indexOf(one)),
                                    atVersion(known, one.version())),
                    journal.committedAt(one.id()),
                    journal.committedAt(one.id()));
            return;
        }
        if (!first.refused()) {
            add(
                    Kind.PARKED_FOR_NOTHING,
                    key,
                    "version %d (%s) waits, and Kafka would take it. Expected %s"
                            .formatted(first.version(), first.how(), around(expected, expected.indexOf(first))),
                    journal.committedAt(first.id()),
                    journal.committedAt(first.id()));
        }
        known.stream()
                .filter(arrival -> message(arrival).version() > first.version())
                .findFirst()
                .ifPresent(arrival -> add(
                        Kind.OVERTOOK_A_REFUSED,
                        key,
                        "version %d is at %s though version %d was refused before. The topic has %s"
                                .formatted(
                                        message(arrival).version(),
                                        arrival.place(),
                                        first.version(),
                                        atVersion(known, first.version())),
                        journal.committedAt(first.id()),
                        arrival.sentAt()));
    }

    private void add(Kind kind, String key, String what, long from, long to) {
        violations.add(new Violation(kind, key, what, from, to));
    }

    private Message message(Arrival arrival) {
        return Objects.requireNonNull(journal.committed(arrival.id()));
    }

    private List<Message> versions(List<Arrival> arrivals) {
        return arrivals.stream().map(this::message).toList();
    }

    private String atVersion(List<Arrival> known, long version) {
        List<Message> versions = versions(known);
        int index = 0;
        while (index < versions.size() && versions.get(index).version() < version) {
            index++;
        }
        return "..." + around(versions, index) + "...";
    }

    private static List<Message> around(List<Message> messages, int index) {
        return messages.subList(Math.max(0, index - WINDOW), Math.min(messages.size(), index + WINDOW));
    }

    /** The first violation of that kind; null if there is none. */
    static @Nullable Violation first(List<Violation> violations, Kind kind) {
        return violations.stream()
                .filter(violation -> violation.kind() == kind)
                .findFirst()
                .orElse(null);
    }
}
