package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.outbox.WrongTransactionManagerException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which transaction manager is missing or wrong. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class WrongTransactionManagerFailureAnalyzer extends AbstractFailureAnalyzer<WrongTransactionManagerException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, WrongTransactionManagerException wrong) {
        return new FailureAnalysis(wrong.problem(), wrong.remedy(), failure);
    }
}
