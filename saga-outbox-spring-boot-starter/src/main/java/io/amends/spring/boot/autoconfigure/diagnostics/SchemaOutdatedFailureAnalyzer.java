package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.outbox.schema.SchemaOutdatedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says that the library's tables are not up to date where it may only look at them. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class SchemaOutdatedFailureAnalyzer extends AbstractFailureAnalyzer<SchemaOutdatedException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, SchemaOutdatedException outdated) {
        return new FailureAnalysis(String.valueOf(outdated.getMessage()), null, failure);
    }
}
