package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.twopc.TwoPhaseRefusedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why two-phase commit can't work as things are, and what to do. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class TwoPhaseRefusedFailureAnalyzer extends AbstractFailureAnalyzer<TwoPhaseRefusedException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, TwoPhaseRefusedException refused) {
        return new FailureAnalysis(String.valueOf(refused.getMessage()), null, failure);
    }
}
