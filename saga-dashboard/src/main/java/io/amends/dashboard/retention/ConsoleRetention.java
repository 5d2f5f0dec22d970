package io.amends.dashboard.retention;

import io.amends.runtime.sql.Arguments;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Removes what the console noted long ago, a limited number of rows with each statement. Every process may do it; several at
 * once take different rows. Lines of the audit go through the one function that may remove them, which notes that in the audit.
 * Safe for use by many threads.
 */
public final class ConsoleRetention {

    /** How many rows one statement removes at most. */
    static final int MOST = 2_000;

    private static final Logger log = LoggerFactory.getLogger(ConsoleRetention.class);

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /** Of runs that ended, or were never started; with the last of its items the run goes too. */
    private static final String OLD_RUN = """
            from saga_bulk_run r
             where ((r.state in ('DONE', 'CANCELLED') and r.ended_at < clock_timestamp() - ? * interval '1 millisecond')
                    or (r.state = 'PREVIEW' and r.created_at < clock_timestamp() - ? * interval '1 millisecond'))
            """;

    private static final String ITEMS = """
            delete from saga_bulk_item where (run_id, saga_id) in (
              select i.run_id, i.saga_id
                from (select r.run_id %s order by r.created_at limit 100) r join saga_bulk_item i using (run_id)
               limit ? for update of i skip locked)""".formatted(OLD_RUN);

    private static final String RUNS = """
            delete from saga_bulk_run where run_id in (
              select r.run_id %s and not exists (select from saga_bulk_item i where i.run_id = r.run_id)
               limit ? for update skip locked)""".formatted(OLD_RUN);

    private static final String REQUESTS = """
            delete from saga_console_request where request_id in (
              select q.request_id from saga_console_request q
               where coalesce(q.decided_at, q.expires_at) < clock_timestamp() - ? * interval '1 millisecond'
               limit ? for update skip locked)""";

    private static final String DELIVERIES = """
            delete from saga_console_delivery where delivery_id in (
              select d.delivery_id from saga_console_delivery d
               where d.state <> 'OPEN' and d.created_at < clock_timestamp() - ? * interval '1 millisecond'
               limit ? for update skip locked)""";

    /** Numbers grow with time: the oldest have the smallest. */
    private static final String ALERTS = """
            delete from saga_console_alert where alert_id in (
              select a.alert_id
                from (select f.alert_id, f.noticed_at from saga_console_alert f order by f.alert_id limit ?) a
               where a.noticed_at < clock_timestamp() - ? * interval '1 millisecond'
                 and not exists (select from saga_console_delivery d
                                  where d.state = 'OPEN' and a.alert_id between d.first_alert and d.last_alert))""";

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final RetentionSettings settings;
    private volatile boolean mayNot;

    /** In that database. */
    public ConsoleRetention(JdbcOperations jdbc, PlatformTransactionManager transactions, RetentionSettings settings) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.settings = settings;
    }

    /** Removes some of what is old enough; whether there may be more. */
    public boolean removeSome() {
        boolean isMore = false;
        Duration rest = settings.rest();
        if (rest != null) {
            long millis = rest.toMillis();
            isMore |= remove(ITEMS, millis, millis, MOST) == MOST;
            isMore |= remove(RUNS, millis, millis, MOST) == MOST;
            isMore |= remove(REQUESTS, millis, MOST) == MOST;
            isMore |= remove(DELIVERIES, millis, MOST) == MOST;
            isMore |= remove(ALERTS, MOST, millis) == MOST;
        }
        Duration audit = settings.audit();
        if (audit != null) {
            isMore |= forget(audit) == MOST;
        }
        return isMore;
    }

    private int remove(String sql, Object... arguments) {
        Arguments.Plain all = new Arguments.Plain();
        List.of(arguments).forEach(all::value);
        Integer removed = transaction.execute(status -> jdbc.update(sql, all));
        return removed == null ? 0 : removed;
    }

    private int forget(Duration audit) {
        try {
            List<Integer> removed = transaction.execute(status -> jdbc.query(
                    "select saga_console_forget(? * interval '1 second', ?)",
                    (row, number) -> row.getInt(1),
                    audit.toSeconds(),
                    MOST));
            mayNot = false;
            return removed == null ? 0 : removed.get(0);
        } catch (DataAccessException thrown) {
            boolean isDenied = thrown.getMostSpecificCause() instanceof SQLException cause
                    && INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState());
            if (!isDenied) {
                throw thrown;
            }
            if (!mayNot) {
                mayNot = true;
                log.warn(
                        "Old lines of the audit stay: this application's role may not call the function that removes them. The owner of the tables can let it: grant execute on function saga_console_forget(interval, integer) to <role>");
            }
            return 0;
        }
    }
}
