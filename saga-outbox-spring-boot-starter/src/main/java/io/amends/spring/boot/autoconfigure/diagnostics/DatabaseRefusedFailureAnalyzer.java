package io.amends.spring.boot.autoconfigure.diagnostics;

import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Says in one line that PostgreSQL is there and lets nobody in so: no such database, no such role, another password. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class DatabaseRefusedFailureAnalyzer implements FailureAnalyzer {

    private static final int MAX_DEPTH = 50;
    private static final String CREDENTIALS =
            "Set spring.datasource.username and spring.datasource.password to those of a role that may log in there.";
    private static final Map<String, String> ACTIONS = Map.of(
            "3D000", "Create the database, or set spring.datasource.url to one that is there.",
            "28000", CREDENTIALS,
            "28P01", CREDENTIALS);

    private final Environment environment;

    DatabaseRefusedFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        DatabaseAddress address = DatabaseAddress.ofJdbcUrl(environment.getProperty("spring.datasource.url"))
                .orElse(null);
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            boolean fromPostgresql =
                    address != null || cause.getClass().getName().startsWith("org.postgresql.");
            if (fromPostgresql && cause instanceof SQLException sql) {
                String action = ACTIONS.get(String.valueOf(sql.getSQLState()));
                if (action != null) {
                    return new FailureAnalysis(
                            "PostgreSQL%s refuses the connection (%s)."
                                    .formatted(address == null ? "" : " at " + address, sql.getMessage()),
                            action,
                            failure);
                }
            }
            cause = cause.getCause();
        }
        return null;
    }
}
