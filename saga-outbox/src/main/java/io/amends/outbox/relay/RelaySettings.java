package io.amends.outbox.relay;

import java.time.Duration;

/**
 * How a relay works.
 *
 * @param chunkSize the most records that are on their way to Kafka at once
 * @param pollMin the pause after a chunk was empty for the first time; doubles while nothing comes
 * @param pollMax the longest pause; a wake-up ends any pause
 * @param leaseTime how long a lane stays with a relay that is not heard of
 * @param sendTimeout how long a chunk's acknowledgement may take before it is given up and sent again
 * @param absentTopicRetry how long a topic that does not exist or may not be written is left alone at least
 */
public record RelaySettings(
        int chunkSize,
        Duration pollMin,
        Duration pollMax,
        Duration leaseTime,
        Duration sendTimeout,
        Duration absentTopicRetry) {

    /** For most services. */
    public static final RelaySettings DEFAULT = new RelaySettings(
            1_000,
            Duration.ofMillis(5),
            Duration.ofMillis(250),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5));

    public RelaySettings {
        if (chunkSize < 1
                || pollMin.toMillis() < 1
                || pollMax.compareTo(pollMin) < 0
                || leaseTime.toMillis() < 500
                || sendTimeout.toMillis() < 1
                || absentTopicRetry.isNegative()) {
            throw new IllegalArgumentException(
                    "A relay needs chunk-size >= 1, 1 ms <= poll-min <= poll-max, lease-time >= 500 ms, send-timeout >= 1 ms and absent-topic-retry >= 0; got chunk-size %d, poll-min %s, poll-max %s, lease-time %s, send-timeout %s, absent-topic-retry %s."
                            .formatted(chunkSize, pollMin, pollMax, leaseTime, sendTimeout, absentTopicRetry));
        }
    }
}
