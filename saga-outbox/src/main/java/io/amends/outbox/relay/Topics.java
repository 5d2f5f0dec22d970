package io.amends.outbox.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which topics can be written. The records of one that can't (it does not exist, the relay may not write it) wait, and do
 * not hold up those of others; what stands in the way is said once. Used by one thread.
 */
final class Topics {

    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    /** How long an answer of Kafka's is good for. */
    private static final long TRUSTED = Duration.ofSeconds(60).toNanos();

    /** The client waits a while for a topic that is not there, and all others with it: four fifths of the time are theirs. */
    private static final int OTHERS = 4;

    private final Duration retry;
    private final LongSupplier clock;
    private final Map<String, Long> usable = new HashMap<>();
    /** The one that was tried longest ago comes first. */
    private final Map<String, Long> withheld = new LinkedHashMap<>();

    private final Set<String> told = new HashSet<>();
    private long nextLook;

    /**
     * @param retry how long a topic that can't be written is left alone at least
     * @param clock monotonic nanoseconds
     */
    Topics(Duration retry, LongSupplier clock) {
        this.retry = retry;
        this.clock = clock;
        this.nextLook = clock.getAsLong();
    }

    /** The topics to leave alone now; at most one of those that can't be written is to be tried again. */
    List<String> leftAlone() {
        long now = clock.getAsLong();
        Iterator<Long> tried = withheld.values().iterator();
        if (now - nextLook >= 0 && tried.hasNext() && now - tried.next() >= retry.toNanos()) {
            tried.remove();
        }
        return List.copyOf(withheld.keySet());
    }

    /** The rows whose topics can be written; asks for the obstacle of those it does not know. */
    List<OutboxRow> sendable(List<OutboxRow> rows, Function<String, Optional<String>> obstacles) {
        List<OutboxRow> sendable = new ArrayList<>(rows.size());
        for (OutboxRow row : rows) {
            if (!withheld.containsKey(row.topic()) && isUsable(row.topic(), obstacles)) {
                sendable.add(row);
            }
        }
        return sendable;
    }

    private boolean isUsable(String topic, Function<String, Optional<String>> obstacles) {
        long now = clock.getAsLong();
        Long asked = usable.get(topic);
        if (asked != null && now - asked < TRUSTED) {
            return true;
        }
        Optional<String> obstacle = obstacles.apply(topic);
        if (obstacle.isEmpty()) {
            usable.put(topic, now);
            return true;
        }
        withhold(topic, obstacle.get());
        long ended = clock.getAsLong();
        nextLook = ended + OTHERS * (ended - now);
        return false;
    }

    /** The topic's records wait from now on. */
    void withhold(String topic, String why) {
        usable.remove(topic);
        withheld.put(topic, clock.getAsLong());
        if (told.add(topic)) {
            log.warn(
                    "The records of topic {} wait until it can be written: {} Create the topic, or allow the relay to write it.",
                    topic,
                    why);
        }
    }

    /** Records of the rows' topics were acknowledged. */
    void published(List<OutboxRow> rows) {
        if (!told.isEmpty()) {
            for (OutboxRow row : rows) {
                if (!withheld.containsKey(row.topic()) && told.remove(row.topic())) {
                    log.info("The records of topic {} go on", row.topic());
                }
            }
        }
    }

    /** Kafka's answers are no longer relied on. */
    void forget() {
        usable.clear();
    }
}
