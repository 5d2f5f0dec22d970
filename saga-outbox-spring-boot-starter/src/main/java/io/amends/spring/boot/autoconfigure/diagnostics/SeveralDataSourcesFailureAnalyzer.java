package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.outbox.SeveralDataSourcesException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says how Amends is told which one of several databases is its own. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class SeveralDataSourcesFailureAnalyzer extends AbstractFailureAnalyzer<SeveralDataSourcesException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, SeveralDataSourcesException several) {
        return new FailureAnalysis(String.valueOf(several.getMessage()), several.remedy(), failure);
    }
}
