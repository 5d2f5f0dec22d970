package io.amends.spring.boot.autoconfigure.outbox;

import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.function.SingletonSupplier;

/**
 * The database in which Amends keeps its tables, and the transactions that commit what it writes. Each bean of the starters takes
 * them from here, so that all of them are in the same one. Safe for use by many threads.
 */
public final class SagaDatabase {

    private final DataSource dataSource;
    private final SingletonSupplier<PlatformTransactionManager> transactions;

    /** The transaction manager is asked for when it is first needed: it may need the tables, as JPA's does. */
    SagaDatabase(DataSource dataSource, Supplier<PlatformTransactionManager> transactions) {
        this.dataSource = dataSource;
        this.transactions = SingletonSupplier.of(transactions);
    }

    /** Where the tables are. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** A template of its own for each caller, who may set it up. */
    public JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource);
    }

    /**
     * By which the application's transactions on that database are managed.
     *
     * @throws WrongTransactionManagerException if none can be told to be it, or what is there is plainly another's
     */
    public PlatformTransactionManager transactions() {
        return transactions.obtain();
    }
}
