package io.amends.runtime.retention;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions that can neither wait for long nor run for long, and the moment before which something is old. Safe for use by
 * many threads.
 */
final class ShortTransactions {

    private static final String LIMITS =
            "select set_config('lock_timeout', '1s', true), set_config('statement_timeout', ?, true)";

    /** A statement that was cancelled, by its limit most of all. */
    private static final String CANCELLED = "57014";

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final String limit;

    /** @param limit how long a statement may take */
    ShortTransactions(JdbcOperations jdbc, PlatformTransactionManager transactions, Duration limit) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.limit = limit.toMillis() + "ms";
    }

    <T extends @Nullable Object> T run(Function<JdbcOperations, T> work) {
        return transaction.execute(status -> {
            jdbc.query(LIMITS, rows -> {}, limit);
            return work.apply(jdbc);
        });
    }

    /** Whether a transaction broke off because a statement took too long. */
    static boolean tookTooLong(RuntimeException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && CANCELLED.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** That long ago by the database's clock. */
    Instant ago(Duration age) {
        return run(database -> {
            Long now = database.queryForObject(
                    "select (date_part('epoch', clock_timestamp()) * 1000)::bigint", Long.class);
            return Instant.ofEpochMilli(Math.max(0, (now == null ? 0 : now) - age.toMillis()));
        });
    }

    /**
     * The smallest id of a saga that was started then or later: its first 48 bits are milliseconds since 1970, as in any
     * UUID of version 7. The clock in it is the starting process's own, so it only tells where to look.
     */
    static UUID firstId(Instant moment) {
        return new UUID(moment.toEpochMilli() << 16, 0);
    }
}
