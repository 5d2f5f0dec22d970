package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.inbox.InvalidListenersException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists everything that is wrong with the application's idempotent listeners. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class InvalidListenersFailureAnalyzer extends AbstractFailureAnalyzer<InvalidListenersException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidListenersException invalid) {
        return new FailureAnalysis(
                String.valueOf(invalid.getMessage()), "Change the methods as the lines above say.", failure);
    }
}
