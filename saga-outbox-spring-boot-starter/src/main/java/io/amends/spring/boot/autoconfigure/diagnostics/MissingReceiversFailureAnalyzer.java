package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.transport.MissingReceiversException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists what is sent and nobody takes. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class MissingReceiversFailureAnalyzer extends AbstractFailureAnalyzer<MissingReceiversException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, MissingReceiversException missing) {
        return new FailureAnalysis(
                "Without Kafka messages reach this application only, and nothing in it takes those of:%n- %s"
                        .formatted(String.join("%n- ".formatted(), missing.topics())),
                "Add the participants (saga.<participant>.commands is what one takes) to this application, or put spring-kafka on the classpath and set saga.transport=kafka.",
                failure);
    }
}
