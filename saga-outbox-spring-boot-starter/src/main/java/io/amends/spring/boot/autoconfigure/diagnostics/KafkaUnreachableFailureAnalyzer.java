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
        return new FailureAnalysis(
                "Kafka is not reachable at %s (%s): start it, or set spring.kafka.bootstrap-servers to where it is."
                        .formatted(unreachable.servers(), unreachable.reason()),
                null,
                failure);
    }
}
