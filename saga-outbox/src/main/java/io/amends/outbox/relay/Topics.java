package io.amends.outbox.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which topics can be written. The records of one that can't (it does not exist, the relay may not write it) wait, and do
 * not hold up those of others; what stands in the way is said once. Used by one thread; times are monotonic nanoseconds.
 */
final class Topics {

    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    /** How long an answer of Kafka's is good for. */
    private static final long TRUSTED = Duration.ofSeconds(60).toNanos();

    private final Duration retry;
    private final Map<String, Long> usable = new HashMap<>();
    private final Map<String, Long> withheld = new HashMap<>();
    private final Set<String> told = new HashSet<>();

    /**
     * @param retry how long a topic that can't be written is left alone
     */
    Topics(Duration retry) {
        this.retry = retry;
    }

    /** The topics that are left alone at that time. */
    List<String> leftAlone(long now) {
        withheld.values().removeIf(since -> now - since >= retry.toNanos());
        return List.copyOf(withheld.keySet());
    }

    /** The rows whose topics can be written; asks for the obstacle of those it does not know. */
    List<OutboxRow> sendable(List<OutboxRow> rows, long now, Function<String, Optional<String>> obstacles) {
        List<OutboxRow> sendable = new ArrayList<>(rows.size());
        for (OutboxRow row : rows) {
            if (!withheld.containsKey(row.topic()) && isUsable(row.topic(), now, obstacles)) {
                sendable.add(row);
            }
        }
        return sendable;
    }

    private boolean isUsable(String topic, long now, Function<String, Optional<String>> obstacles) {
        Long asked = usable.get(topic);
        if (asked != null && now - asked < TRUSTED) {
            return true;
        }
        Optional<String> obstacle = obstacles.apply(topic);
        if (obstacle.isEmpty()) {
            usable.put(topic, now);
            return true;
        }
        withhold(topic, now, obstacle.get());
        return false;
    }

    /** The topic's records wait from now on. */
    void withhold(String topic, long now, String why) {
        usable.remove(topic);
        withheld.put(topic, now);
        if (told.add(topic)) {
            log.warn(
                    "The records of topic {} wait, and it is tried again every {} ms: {} Create the topic, or allow the relay to write it.",
                    topic,
                    retry.toMillis(),
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
