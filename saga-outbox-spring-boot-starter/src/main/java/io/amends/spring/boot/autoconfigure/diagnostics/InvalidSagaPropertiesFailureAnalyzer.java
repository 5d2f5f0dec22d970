package io.amends.spring.boot.autoconfigure.diagnostics;

import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists the {@code saga.*} settings that can't work. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class InvalidSagaPropertiesFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSagaPropertiesException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidSagaPropertiesException invalid) {
        return new FailureAnalysis(
                String.valueOf(invalid.getMessage()),
                "Change the settings named above in the application's configuration, or remove them: each has a default that works.",
                failure);
    }
}
