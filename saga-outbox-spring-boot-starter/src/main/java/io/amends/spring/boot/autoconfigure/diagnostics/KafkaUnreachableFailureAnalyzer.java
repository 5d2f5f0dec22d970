package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.kafka.KafkaUnreachableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says in one line that Kafka can't be reached. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class KafkaUnreachableFailureAnalyzer extends AbstractFailureAnalyzer<KafkaUnreachableException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, KafkaUnreachableException unreachable) {
        if (unreachable.servers().isBlank()) {
            return new FailureAnalysis(
                    "spring.kafka.bootstrap-servers is empty: set it to where Kafka is, such as localhost:9092, or set saga.transport=postgresql to go without Kafka.",
                    null,
                    failure);
        }
        return new FailureAnalysis(
                "Kafka is not reachable at %s (%s): start it, or set spring.kafka.bootstrap-servers to where it is."
                        .formatted(unreachable.servers(), unreachable.reason()),
                null,
                failure);
    }
}
