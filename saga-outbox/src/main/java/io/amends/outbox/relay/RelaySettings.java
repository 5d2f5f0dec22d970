package io.amends.outbox.relay;

import java.time.Duration;

/**
 * How a relay works.
 *
 * @param chunkSize the most records that are on their way to Kafka at once
 * @param pollMin the pause after rows were found that nobody had told of; doubles while nothing comes. After a chunk of
 *     many rows, and before the next, at most this pause too
 * @param pollMax the longest pause; a wake-up ends any pause
 * @param leaseTime how long a lane stays with a relay that is not heard of
 * @param sendTimeout how long a chunk's acknowledgement may take before it is given up and sent again
 * @param absentTopicRetry how often it is tried whether a topic that did not exist or could not be written can be now
 * @param lanes into how many parts the outbox is divided; the same for all relays of a database
 * @param lanesOfNew whether that number is meant for an outbox that was never used only, and another one keeps what it has;
 *     otherwise a relay refuses an outbox that is divided differently
 */
public record RelaySettings(
        int chunkSize,
        Duration pollMin,
        Duration pollMax,
        Duration leaseTime,
        Duration sendTimeout,
        Duration absentTopicRetry,
        int lanes,
        boolean lanesOfNew) {

    /** For most services. */
    public static final RelaySettings DEFAULT = new RelaySettings(
            1_000,
            Duration.ofMillis(5),
            Duration.ofMillis(250),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            1);

    /** Under load; a chunk of one is followed by no pause, so that a lone message never waits. */
    private static final Duration GATHERING_PER_ROW = Duration.ofNanos(100_000);

    public RelaySettings {
        if (chunkSize < 1
                || pollMin.toMillis() < 1
                || pollMax.compareTo(pollMin) < 0
                || leaseTime.toMillis() < 500
                || sendTimeout.toMillis() < 1
                || absentTopicRetry.toMillis() < 1
                || lanes < 1
                || lanes > 256) {
            throw new IllegalArgumentException(
                    "A relay needs chunk-size >= 1, 1 ms <= poll-min <= poll-max, lease-time >= 500 ms, send-timeout >= 1 ms, absent-topic-retry >= 1 ms and 1 to 256 lanes; got chunk-size %d, poll-min %s, poll-max %s, lease-time %s, send-timeout %s, absent-topic-retry %s, lanes %d."
                            .formatted(chunkSize, pollMin, pollMax, leaseTime, sendTimeout, absentTopicRetry, lanes));
        }
    }

    /** With that number of lanes, and no other. */
    public RelaySettings(
            int chunkSize,
            Duration pollMin,
            Duration pollMax,
            Duration leaseTime,
            Duration sendTimeout,
            Duration absentTopicRetry,
            int lanes) {
        this(chunkSize, pollMin, pollMax, leaseTime, sendTimeout, absentTopicRetry, lanes, false);
    }

    /**
     * How long to wait before the next read, so that it finds more: the longer the more rows the last one found, and
     * never longer than {@code pollMin}. A read, a deletion, and all that the receivers do for a batch then serve more rows.
     */
    Duration gathering(int rows) {
        Duration pause = GATHERING_PER_ROW.multipliedBy(Math.max(0, rows - 1));
        return pause.compareTo(pollMin) < 0 ? pause : pollMin;
    }
}
