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
     * Zero if nothing waits. Parked messages do not count: a person's decision is awaited there, and the relay has no
     * part in it. One row of each lane is read, in the caller's transaction where there is one.
     */
    public Duration oldest() {
        return jdbc
                .query(
                        "select (extract(epoch from clock_timestamp() - min(oldest)) * 1000)::bigint from saga_outbox_waiting(1)",
                        (row, number) -> Duration.ofMillis(Math.max(0, row.getLong(1))))
                .stream()
                .findFirst()
                .orElse(Duration.ZERO);
    }
}
