package io.amends.spring.boot.autoconfigure.diagnostics;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says what to do where {@code saga.schema.mode=none} looked for no table, and then there was none. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class MissingTablesFailureAnalyzer implements FailureAnalyzer {

    private static final int MAX_DEPTH = 50;
    private static final String UNDEFINED_TABLE = "42P01";
    private static final Pattern OURS = Pattern.compile("\"((?:saga|twopc)_\\w+)\"");

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof SQLException sql && UNDEFINED_TABLE.equals(sql.getSQLState())) {
                Matcher table = OURS.matcher(String.valueOf(sql.getMessage()));
                if (table.find()) {
                    return new FailureAnalysis(
                            "The database has no table %s, or connections do not look into its schema."
                                    .formatted(table.group(1)),
                            "Set saga.schema.mode=migrate, which is the default and makes the tables of Amends, or run the script that"
                                    + " SagaSchema.script prints with a role that may. If they are in a schema of their own, set saga.schema.name.",
                            failure);
                }
            }
            cause = cause.getCause();
        }
        return null;
    }
}
