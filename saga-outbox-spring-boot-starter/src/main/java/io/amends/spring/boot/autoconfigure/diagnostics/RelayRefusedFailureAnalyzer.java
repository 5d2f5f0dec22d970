package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.outbox.relay.RelayRefusedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why no relay may work on the database as it is, and what to do. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class RelayRefusedFailureAnalyzer extends AbstractFailureAnalyzer<RelayRefusedException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, RelayRefusedException refused) {
        return new FailureAnalysis(String.valueOf(refused.getMessage()), null, failure);
    }
}
