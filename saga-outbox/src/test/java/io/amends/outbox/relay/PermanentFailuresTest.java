package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PermanentFailuresTest {

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new RecordTooLargeException(), "RECORD_TOO_LARGE"),
                Arguments.of(new RecordBatchTooLargeException(), "RECORD_TOO_LARGE"),
                Arguments.of(new InvalidTopicException(), "INVALID_TOPIC"),
                Arguments.of(
                        new TimeoutException("not present", new UnknownTopicOrPartitionException()), "UNKNOWN_TOPIC"),
                Arguments.of(new TopicAuthorizationException(Set.of("forbidden")), "NOT_AUTHORISED"),
                Arguments.of(new SerializationException(), "NOT_SERIALISABLE"),
                Arguments.of(new PolicyViolationException("no"), "POLICY_VIOLATION"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_no_repetition_mends_has_a_reason_code(Exception refusal, String reasonCode) {
        assertThat(PermanentFailures.reasonCode(refusal)).contains(reasonCode);
    }

    static Stream<Exception> troubles() {
        return Stream.of(
                new TimeoutException(),
                new NetworkException(),
                DisconnectException.INSTANCE,
                new NotEnoughReplicasException(),
                new UnknownTopicOrPartitionException(),
                new UnknownServerException(),
                new CorruptRecordException(),
                new OutOfOrderSequenceException("gap"),
                new ProducerFencedException("newer"),
                new AuthenticationException("password changed"),
                new ClusterAuthorizationException("not yet allowed"),
                new TimeoutException("not present", new LeaderNotAvailableException("election")),
                new KafkaException("Producer is closed forcefully."),
                new IllegalStateException("closed"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void what_may_pass_has_none(Exception trouble) {
        assertThat(PermanentFailures.reasonCode(trouble)).isEmpty();
    }
}
