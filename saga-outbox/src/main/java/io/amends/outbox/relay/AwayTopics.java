package io.amends.outbox.relay;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Topics whose receivers lack something that the relay does not need, such as another database. Their messages wait in the
 * outbox at first. Many of them would fill each chunk, and nothing behind them would be read; so when it was tried in vain often enough
 * the topic is given up for a while, in which its messages are parked. Safe for use by many threads.
 */
final class AwayTopics {

    /** Some seconds, so that what is over soon parks nothing. */
    static final int ATTEMPTS = 20;

    private final long pause;
    private final LongSupplier clock;
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final Map<String, Long> givenUp = new ConcurrentHashMap<>();

    /**
     * @param pause after which one that was given up is tried again
     * @param clock monotonic nanoseconds
     */
    AwayTopics(Duration pause, LongSupplier clock) {
        this.pause = pause.toNanos();
        this.clock = clock;
    }

    /** The topic's receivers lacked something once more; returns whether it is given up now. */
    boolean met(String topic) {
        boolean tooOften = attempts.merge(topic, 1, (before, one) -> Math.min(ATTEMPTS, before + one)) == ATTEMPTS;
        if (tooOften) {
            givenUp.put(topic, clock.getAsLong());
        }
        return tooOften;
    }

    /** The topic's receivers have taken something. */
    void over(String topic) {
        if (attempts.remove(topic) != null) {
            givenUp.remove(topic);
        }
    }

    /** Whether the topic was given up and the pause has not passed. */
    boolean isGivenUp(String topic) {
        Long since = givenUp.get(topic);
        return since != null && clock.getAsLong() - since < pause;
    }
}
