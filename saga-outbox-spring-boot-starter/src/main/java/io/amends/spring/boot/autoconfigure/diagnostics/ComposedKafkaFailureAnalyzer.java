package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.kafka.ComposedKafkaException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one line why the Kafka of a Docker Compose file can't be used. */
final class ComposedKafkaFailureAnalyzer extends AbstractFailureAnalyzer<ComposedKafkaException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, ComposedKafkaException unpublished) {
        return new FailureAnalysis(unpublished.getMessage(), null, failure);
    }
}
