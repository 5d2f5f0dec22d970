package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.kafka.MissingTopicsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists the topics that somebody else has to make. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class MissingTopicsFailureAnalyzer extends AbstractFailureAnalyzer<MissingTopicsException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, MissingTopicsException missing) {
        return new FailureAnalysis(
                "Kafka lacks topics that this service reads or writes:%n- %s"
                        .formatted(String.join("%n- ".formatted(), missing.topics())),
                "Create them, or set saga.topics.create=true to have missing topics made at the start.",
                failure);
    }
}
