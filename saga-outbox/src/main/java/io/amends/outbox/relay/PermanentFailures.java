package io.amends.outbox.relay;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Tells refusals that no repetition mends from trouble that passes. */
final class PermanentFailures {

    private PermanentFailures() {}

    /** The stable reason code of a refusal for good, empty for anything that may pass. */
    static Optional<String> reasonCode(Throwable thrown) {
        if (thrown instanceof RecordTooLargeException || thrown instanceof RecordBatchTooLargeException) {
            return Optional.of("RECORD_TOO_LARGE");
        }
        if (isUnknownTopic(thrown)) {
            return Optional.of("UNKNOWN_TOPIC");
        }
        if (thrown instanceof InvalidTopicException) {
            return Optional.of("INVALID_TOPIC");
        }
        if (thrown instanceof TopicAuthorizationException) {
            return Optional.of("NOT_AUTHORISED");
        }
        if (thrown instanceof SerializationException) {
            return Optional.of("NOT_SERIALISABLE");
        }
        return thrown instanceof PolicyViolationException ? Optional.of("POLICY_VIOLATION") : Optional.empty();
    }

    /** Whether it is trouble with Kafka, or with a topic for a while. */
    static boolean passes(Throwable thrown) {
        return thrown instanceof KafkaException || thrown instanceof PassingObstacleException;
    }

    /**
     * The client waits a while for a topic that is not there, and says then what a broker answered. An answer alone may
     * come from a broker that has just started and knows nothing yet.
     */
    private static boolean isUnknownTopic(Throwable thrown) {
        return thrown instanceof TimeoutException && thrown.getCause() instanceof UnknownTopicOrPartitionException;
    }
}
