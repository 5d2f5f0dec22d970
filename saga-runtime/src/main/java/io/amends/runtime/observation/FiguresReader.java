package io.amends.runtime.observation;

import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the figures of a database: three small queries, which wait for no lock, read no more than a limited number of rows
 * and are ended after two seconds. Safe for use by many threads.
 */
public final class FiguresReader {

    /** How many unfinished sagas are looked at, the oldest first, and how many messages are counted. */
    public static final int MOST = 50_000;

    private static final int LIMIT_SECONDS = 2;

    /** The oldest first: what is stuck is among them, however much runs. */
    private static final String OPEN = """
            select u.saga_name, u.phase, u.reason_code, count(*) as number,
                   (extract(epoch from clock_timestamp() - min(u.updated_at)) * 1000)::bigint as unchanged
              from (select i.saga_name, i.phase, case when i.phase = 'STUCK' then i.reason_code end as reason_code, i.updated_at
                      from saga_instance i
                     where i.phase in ('RUNNING', 'COMPENSATING', 'STUCK')
                     order by i.created_at limit ?) u
             group by u.saga_name, u.phase, u.reason_code""";

    private static final String REST = """
            select (select (extract(epoch from clock_timestamp() - min(i.due_at)) * 1000)::bigint
                      from saga_instance i where i.due_at is not null) as overdue,
                   (select count(*) from (select from saga_inbox_quarantine limit ?) q) as quarantined,
                   (select count(*) from (select from saga_inbox_redelivery limit ?) r) as waiting""";

    private static final String SET_ASIDE = """
            select q.code, count(*) as number,
                   (extract(epoch from clock_timestamp() - min(q.quarantined_at)) * 1000)::bigint as oldest
              from (select case reason_code when 'UNKNOWN_SAGA' then 'LATE_MESSAGE' else 'QUARANTINED_MESSAGE' end as code,
                           quarantined_at
                      from saga_inbox_quarantine where reason_code <> 'HANDLER_FAILED' limit ?) q
             group by q.code""";

    private final JdbcTemplate jdbc;

    /** Of that database. */
    public FiguresReader(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        jdbc.setQueryTimeout(LIMIT_SECONDS);
    }

    /**
     * How it stands now.
     *
     * @throws org.springframework.dao.DataAccessException if the database does not tell in time
     */
    public SagaFigures read() {
        List<SagaFigures.Open> open = jdbc.query(
                OPEN,
                (row, number) -> new SagaFigures.Open(
                        row.getString("saga_name"),
                        SagaPhase.valueOf(row.getString("phase")),
                        row.getString("reason_code"),
                        row.getLong("number"),
                        millis(row.getLong("unchanged"))),
                MOST);
        List<SagaFigures.SetAside> setAside = jdbc.query(
                SET_ASIDE,
                (row, number) -> new SagaFigures.SetAside(
                        row.getString("code"), row.getLong("number"), millis(row.getLong("oldest"))),
                MOST);
        return jdbc.query(
                        REST,
                        (row, number) -> new SagaFigures(
                                open,
                                millis(row.getLong("overdue")),
                                row.getLong("quarantined"),
                                setAside,
                                row.getLong("waiting")),
                        MOST,
                        MOST)
                .get(0);
    }

    private static Duration millis(long value) {
        return Duration.ofMillis(Math.max(0, value));
    }
}
