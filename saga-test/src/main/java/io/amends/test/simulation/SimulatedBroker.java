package io.amends.test.simulation;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Topics of two partitions each, and how far their one consumer group has read. Used by one thread. */
final class SimulatedBroker {

    static final int PARTITIONS = 2;

    private final Map<String, List<List<InboundRecord>>> topics = new HashMap<>();
    private final Map<String, int[]> positions = new HashMap<>();
    private final List<Late> late = new ArrayList<>();
    private final MessageFates fates = new MessageFates();
    private final InstantSource clock;

    SimulatedBroker(InstantSource clock) {
        this.clock = clock;
    }

    /** A message that is on its way until then. */
    private record Late(Instant until, OutboxMessage message) {}

    /** What a test has said that becomes of messages. */
    MessageFates fates() {
        return fates;
    }

    void send(OutboxMessage message) {
        byte[] type = message.headers().get(WireHeaders.TYPE);
        MessageFates.Rule fate = fates.of(type == null ? "" : new String(type, StandardCharsets.UTF_8));
        for (int i = 0; i < fate.copies(); i++) {
            if (fate.late().isZero()) {
                append(message);
            } else {
                late.add(new Late(clock.instant().plus(fate.late()), message));
            }
        }
    }

    /** When a message that is late arrives next. */
    Optional<Instant> nextArrival() {
        return late.stream().map(Late::until).min(Comparator.naturalOrder());
    }

    /** Lets those arrive whose time has come. */
    private void arrive() {
        Instant now = clock.instant();
        List<Late> arrived =
                late.stream().filter(one -> !one.until().isAfter(now)).toList();
        late.removeAll(arrived);
        arrived.forEach(one -> append(one.message()));
    }

    private void append(OutboxMessage message) {
        append(message.topic(), message.key().getBytes(StandardCharsets.UTF_8), message.payload(), message.headers());
    }

    void append(String topic, byte[] key, byte[] value, Map<String, byte[]> headers) {
        int partition = Math.floorMod(new String(key, StandardCharsets.UTF_8).hashCode(), PARTITIONS);
        List<InboundRecord> log = log(topic, partition);
        log.add(new InboundRecord(topic, partition, log.size(), key, value, headers));
    }

    /** Everything that was sent to a topic. */
    List<InboundRecord> all(String topic) {
        List<InboundRecord> all = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.addAll(log(topic, partition));
        }
        return all;
    }

    List<InboundRecord> poll(String topic, int partition, int most) {
        arrive();
        List<InboundRecord> log = log(topic, partition);
        int from = position(topic)[partition];
        return List.copyOf(log.subList(from, Math.min(log.size(), from + most)));
    }

    /** Notes that a partition was read so far; a position that is behind stays where it is. */
    void commit(String topic, int partition, int next) {
        int[] position = position(topic);
        position[partition] = Math.max(position[partition], next);
    }

    /** Lets records come again. */
    void fallBack(String topic, int partition, int by) {
        int[] position = position(topic);
        position[partition] = Math.max(0, position[partition] - by);
    }

    /** Whether everything was read. */
    boolean isDrained() {
        arrive();
        return topics.entrySet().stream().allMatch(topic -> {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (positions.containsKey(topic.getKey())
                        && position(topic.getKey())[partition]
                                < topic.getValue().get(partition).size()) {
                    return false;
                }
            }
            return true;
        });
    }

    private int[] position(String topic) {
        return positions.computeIfAbsent(topic, name -> new int[PARTITIONS]);
    }

    private List<InboundRecord> log(String topic, int partition) {
        return topics.computeIfAbsent(topic, name -> {
                    List<List<InboundRecord>> made = new ArrayList<>();
                    for (int i = 0; i < PARTITIONS; i++) {
                        made.add(new ArrayList<>());
                    }
                    return made;
                })
                .get(partition);
    }
}
