package io.amends.spring.boot.autoconfigure.diagnostics;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says in one line that PostgreSQL can't be reached, whoever tried first: the application's migrations, its connection
 * pool or Amends.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class DatabaseUnreachableFailureAnalyzer implements FailureAnalyzer {

    private static final int MAX_DEPTH = 50;
    private static final Pattern REFUSED = Pattern.compile("Connection to (\\S+) refused");
    private static final String USUAL_PORT = ":5432";

    private final Environment environment;

    DatabaseUnreachableFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        SQLException unreachable = connectionFailure(failure);
        if (unreachable == null) {
            return null;
        }
        DatabaseAddress address = DatabaseAddress.ofJdbcUrl(environment.getProperty("spring.datasource.url"))
                .orElse(null);
        if (address == null && !isFromPostgresql(failure)) {
            return null;
        }
        String other = otherPlace(failure, address);
        if (other != null) {
            return new FailureAnalysis(
                    "PostgreSQL is not reachable at %s (%s): start it, or set the address of the DataSource that is there, which is not that of spring.datasource.url."
                            .formatted(other, reason(unreachable)),
                    null,
                    failure);
        }
        return new FailureAnalysis(
                "PostgreSQL is not reachable%s (%s): start it, or set spring.datasource.url to where it is."
                        .formatted(address == null ? "" : " at " + address, reason(unreachable)),
                null,
                failure);
    }

    private static @Nullable SQLException connectionFailure(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < MAX_DEPTH; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException sql && isConnectionState(sql.getSQLState())) {
                return sql;
            }
        }
        return null;
    }

    /** Class 08 is a connection that can't be made; 57P03 a server that is still starting. */
    private static boolean isConnectionState(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.equals("57P03"));
    }

    /** What the driver says that it tried, if that is not the address of the properties but that of another data source. */
    private static @Nullable String otherPlace(Throwable failure, @Nullable DatabaseAddress address) {
        int depth = 0;
        for (Throwable cause = failure;
                address != null && cause != null && depth < MAX_DEPTH;
                cause = cause.getCause(), depth++) {
            Matcher refused = REFUSED.matcher(String.valueOf(cause.getMessage()));
            if (refused.find()) {
                String tried = refused.group(1);
                String host =
                        tried.endsWith(USUAL_PORT) ? tried.substring(0, tried.length() - USUAL_PORT.length()) : tried;
                return address.text().contains(host) ? null : tried;
            }
        }
        return null;
    }

    private static boolean isFromPostgresql(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < MAX_DEPTH; cause = cause.getCause(), depth++) {
            if (cause.getClass().getName().startsWith("org.postgresql.")) {
                return true;
            }
        }
        return false;
    }

    /** The innermost cause knows best; of its text the first sentence, since PostgreSQL's driver adds advice. */
    private static String reason(SQLException unreachable) {
        Throwable innermost = unreachable;
        for (int depth = 0; innermost.getCause() != null && depth < MAX_DEPTH; depth++) {
            innermost = innermost.getCause();
        }
        String text = innermost.getMessage();
        if (innermost instanceof UnknownHostException) {
            return "unknown host " + text;
        }
        if (text == null || text.isBlank()) {
            return innermost.getClass().getSimpleName();
        }
        String line = text.strip().lines().findFirst().orElse("").strip();
        int sentenceEnd = line.indexOf(". ");
        line = sentenceEnd < 0 ? line : line.substring(0, sentenceEnd);
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
