package io.amends.spring.boot.autoconfigure.diagnostics;

import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says what to do where the application's own Flyway came later than the tables of Amends, which are tables like any others to it.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class NonEmptySchemaFailureAnalyzer extends AbstractFailureAnalyzer<FlywayException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, FlywayException refused) {
        if (refused.getErrorCode() != CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return null;
        }
        return new FailureAnalysis(
                "The application's migrations were not begun: Flyway finds tables in their schema and no history of its own. The tables of Amends are such, where an earlier start made them.",
                "Set spring.flyway.baseline-on-migrate=true and spring.flyway.baseline-version=0, and all scripts run, from V1 on."
                        + " Where the schema has tables of the application too, write instead of 0 the version of the last script that must not run any more.",
                failure);
    }
}
