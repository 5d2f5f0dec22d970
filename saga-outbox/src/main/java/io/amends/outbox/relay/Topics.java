package io.amends.outbox.relay;

import io.amends.outbox.relay.Publisher.Obstacle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which topics can be written. The records of one that can't (it does not exist, the relay may not write it) are parked, so
 * that they do not hold up those of others; what stands in the way is said once. Safe for use by many threads.
 */
final class Topics {

    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    /** How long an answer of Kafka's is good for. */
    private static final long TRUSTED = Duration.ofSeconds(60).toNanos();

    private final LongSupplier clock;
    private final Map<String, Long> usable = new ConcurrentHashMap<>();
    private final Map<String, Obstacle> closed = new ConcurrentHashMap<>();

    /** @param clock monotonic nanoseconds */
    Topics(LongSupplier clock) {
        this.clock = clock;
    }

    /** What stands in the way of the topic's records, empty if they can be sent; asks about one that it does not know. */
    Optional<Obstacle> obstacle(String topic, Function<String, Optional<Obstacle>> ask) {
        Obstacle known = closed.get(topic);
        if (known != null) {
            return Optional.of(known);
        }
        Long asked = usable.get(topic);
        if (asked != null && clock.getAsLong() - asked < TRUSTED) {
            return Optional.empty();
        }
        Optional<Obstacle> obstacle = ask.apply(topic);
        if (obstacle.isEmpty()) {
            usable.put(topic, clock.getAsLong());
        } else if (obstacle.get().reasonCode() != null) {
            close(topic, obstacle.get());
        }
        return obstacle;
    }

    /** The topic's records are parked from now on. */
    void close(String topic, Obstacle why) {
        usable.remove(topic);
        if (closed.put(topic, why) == null) {
            log.warn(
                    "The records of topic {} are parked until it can be written ({}): {} {}; they go on by themselves.",
                    topic,
                    why.reasonCode(),
                    why.reason(),
                    remedy(String.valueOf(why.reasonCode())));
        }
    }

    private static String remedy(String reasonCode) {
        return switch (reasonCode) {
            case LocalPublisher.NO_RECEIVER -> "Deploy what takes them, or move to Kafka";
            case LocalPublisher.RECEIVER_AWAY -> "Bring back what its handlers need";
            default -> "Create the topic, or allow the relay to write it";
        };
    }

    /** The topic can be written. */
    void open(String topic) {
        usable.put(topic, clock.getAsLong());
        if (closed.remove(topic) != null) {
            log.info("The records of topic {} go on", topic);
        }
    }

    /** The topics whose records are parked. */
    List<String> closed() {
        return List.copyOf(closed.keySet());
    }

    /** Kafka's answers are no longer relied on. */
    void forget() {
        usable.clear();
    }
}
