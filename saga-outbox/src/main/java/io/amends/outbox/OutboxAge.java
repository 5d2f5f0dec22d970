package io.amends.outbox;

import java.time.Duration;
import org.springframework.jdbc.core.JdbcOperations;

/** How long the oldest message has been waiting to be published. Safe for use by many threads. */
public final class OutboxAge {

    private final JdbcOperations jdbc;

    public OutboxAge(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Zero if nothing waits. What waits behind a parked message does not count: a person's decision is awaited there, and
     * the relay has no part in it. One row is read, in the caller's transaction where there is one.
     */
    public Duration oldest() {
        return jdbc.query("""
                        select (extract(epoch from clock_timestamp() - o.created_at) * 1000)::bigint from saga_outbox o
                         where not exists (select from saga_parked p where p.aggregatetype = o.aggregatetype
                                                                       and p.aggregateid = o.aggregateid)
                         order by o.position limit 1""", (row, number) -> Duration.ofMillis(Math.max(0, row.getLong(1)))).stream()
                .findFirst()
                .orElse(Duration.ZERO);
    }
}
