package io.amends.dashboard.database;

import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads of a database that also serves sagas, or of a replica of it: in a read-only transaction on one snapshot, each
 * statement with a time limit, on one processor. Waits for no row lock. Safe for use by many threads.
 */
public final class BoundedReads {

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Duration limit;

    /**
     * @param dataSource the database
     * @param limit how long one statement may take, at least a millisecond
     */
    public BoundedReads(DataSource dataSource, Duration limit) {
        if (limit.toMillis() < 1) {
            throw new IllegalArgumentException("A statement needs at least a millisecond, not " + limit + ".");
        }
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.transaction.setReadOnly(true);
        this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.limit = limit;
    }

    /**
     * Reads; all statements see the same snapshot.
     *
     * @throws ReadTooSlowException if a statement takes longer than the limit
     */
    public <T> T read(Function<JdbcOperations, T> work) {
        try {
            return transaction.execute(status -> {
                // Compiling these statements costs more than running them.
                jdbc.query("""
                        select set_config('statement_timeout', ?, true), set_config('jit', 'off', true),
                               set_config('max_parallel_workers_per_gather', '0', true)""", row -> {}, limit.toMillis() + "ms");
                return work.apply(jdbc);
            });
        } catch (QueryTimeoutException thrown) {
            throw new ReadTooSlowException(limit, thrown);
        }
    }
}
