package io.amends.outbox.relay;

import java.util.Optional;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/** Tells refusals that no repetition mends from trouble that passes. */
final class PermanentFailures {

    private PermanentFailures() {}

    /** The stable reason code of a refusal for good, empty for anything that may pass. */
    static Optional<String> reasonCode(Exception thrown) {
        if (thrown instanceof RecordTooLargeException || thrown instanceof RecordBatchTooLargeException) {
            return Optional.of("RECORD_TOO_LARGE");
        }
        if (thrown instanceof InvalidTopicException) {
            return Optional.of("INVALID_TOPIC");
        }
        if (thrown instanceof SerializationException) {
            return Optional.of("NOT_SERIALISABLE");
        }
        return thrown instanceof PolicyViolationException ? Optional.of("POLICY_VIOLATION") : Optional.empty();
    }
}
