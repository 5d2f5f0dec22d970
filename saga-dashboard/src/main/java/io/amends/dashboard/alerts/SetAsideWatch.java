package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckSql;
import io.amends.runtime.sql.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Compares which messages are set aside and wait for an operator with which were when somebody looked last, and notes each
 * difference as an alert, in one statement. Every process may watch; there is one alert for each transition. Not told are
 * messages whose own saga tells: those that its handler threw at, since the saga was answered, and those of a saga of this
 * database that Kafka refuses. Safe for use by many threads.
 */
public final class SetAsideWatch {

    private static final List<String> KINDS = List.of("saga_inbox_quarantine", "saga_inbox_parked", "saga_parked");

    private static final String NOTE = ToldSql.note(
            """
              (select 'saga_inbox_quarantine', q.topic || '-' || q.partition_no || '@' || q.offset_no, %s, null,
                      case q.reason_code when 'UNKNOWN_SAGA' then 'LATE_MESSAGE' else 'QUARANTINED_MESSAGE' end,
                      q.reason_code, q.quarantined_at, true
                 from saga_inbox_quarantine q
                where q.reason_code <> 'HANDLER_FAILED'
                order by q.quarantined_at limit %d)
              union all
              (select 'saga_inbox_parked', k.consumer || ' ' || k.topic || '-' || p.partition || '@' || p.record_offset,
                      null, null, 'QUARANTINED_MESSAGE', 'LISTENER_FAILED', p.parked_at, true
                 from saga_inbox_parked_key k
                cross join lateral (select * from saga_inbox_parked f where f.key_id = k.id order by f.id limit 1) p
                where k.next_attempt_at is null
                order by p.parked_at limit %d)
              union all
              (select 'saga_parked', 'outbox ' || p.position, null, null, 'OUTBOX_BLOCKED',
                      coalesce(p.reason_code, 'REFUSED'), p.parked_at, true
                 from saga_parked_key k
                 join saga_parked p on p.position = k.blocked_by
                where not (k.aggregatetype like 'saga.%%'
                           and exists (select from saga_instance i
                                        where i.saga_id = %s and i.phase in ('RUNNING', 'COMPENSATING')))
                order by p.parked_at limit %d)""".formatted(
                            StuckSql.sagaId("encode(q.record_key, 'escape')"),
                            ToldSql.MOST,
                            ToldSql.MOST,
                            StuckSql.sagaId("k.aggregateid"),
                            ToldSql.MOST),
            "");

    private final JdbcOperations jdbc;
    private final AlertBook<Alert> book;

    /**
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param limit how long one statement may take
     * @param delivers whether a webhook is to be told; the same in all processes
     * @param heard is told each alert after its commit, such as a Spring publisher of events
     */
    public SetAsideWatch(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            Duration limit,
            boolean delivers,
            Consumer<? super Alert> heard) {
        this.jdbc = jdbc;
        this.book = new AlertBook<>(jdbc, transactions, limit, delivers, heard);
    }

    /** Looks once; whether there is more to note at once. Does nothing while another process looks. */
    public boolean look() {
        return book.note(() -> {
            List<Alert> alerts = jdbc.query(
                    NOTE,
                    new Arguments.Plain().array("text", KINDS, Function.identity()),
                    (row, number) -> AlertRows.alert(row));
            return new AlertBook.Noted<>(alerts, alerts.size() >= ToldSql.AT_ONCE);
        });
    }
}
