package io.amends.spring.boot.autoconfigure.console;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why the console does not start, and what to do. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class ConsoleRefusedFailureAnalyzer extends AbstractFailureAnalyzer<ConsoleRefusedException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, ConsoleRefusedException refused) {
        return new FailureAnalysis(String.valueOf(refused.getMessage()), refused.action(), failure);
    }
}
