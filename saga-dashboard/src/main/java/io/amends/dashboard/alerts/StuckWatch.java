package io.amends.dashboard.alerts;

import io.amends.dashboard.failures.MutedSql;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckSql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Compares which sagas are stuck with which were when somebody looked last, and notes each difference as an alert, in one
 * transaction and a few statements. Every process may watch: of several that look at once one does, and what it noted the
 * others find noted. So there is one alert for each transition, whatever process dies when. Sagas of a group that operators
 * have muted are passed over until it is muted no longer. Safe for use by many threads.
 */
public final class StuckWatch {

    /** How many sagas one look tells of at most; the next look goes on. */
    static final int MOST = 1_000;

    /**
     * Of very many that are missing others each time: some of them may just be beyond the end of the list. What is muted is
     * as if nobody had looked, so that it is told when it is muted no longer.
     */
    private static final String GOT_STUCK =
            "with " + StuckSql.WITH_STUCK + ", muted as materialized (" + MutedSql.MUTED + ")," + """
            changed as materialized (
              select s.saga_id, s.code, s.since, k.reason as previous
                from stuck s left join saga_console_stuck k using (saga_id)
               where k.reason is distinct from s.code
                 and (not exists (select from muted)
                      or not exists (select from saga_instance i
            """ + StuckSql.AT_STEP
                    + " join muted m on m.group_id = " + MutedSql.group("s.code") + """

                                      where i.saga_id = s.saga_id))
               order by s.since, s.saga_id limit ?),
            missing as (
              select k.saga_id from saga_console_stuck k
               where not exists (select from stuck s where s.saga_id = k.saga_id) order by random() limit ?),
            known as (
              insert into saga_console_stuck (saga_id, saga_name, saga_version, business_key, reason, since)
              select c.saga_id, i.saga_name, i.saga_version, i.business_key, c.code, c.since
                from changed c join saga_instance i using (saga_id)
                  on conflict (saga_id) do update set reason = excluded.reason, since = excluded.since),
            alert as (
              insert into saga_console_alert
                     (event, saga_id, saga_name, saga_version, business_key, step, participant, reason, previous_reason, since)
              select 'GOT_STUCK', c.saga_id, i.saga_name, i.saga_version, i.business_key, at.step,
                     coalesce(at.held_for, at.participant), c.code, c.previous, c.since
                from changed c join saga_instance i using (saga_id)
            """ + StuckSql.AT_STEP + """
               order by c.since, c.saga_id
              returning *)
            select (select array_agg(m.saga_id) from missing m) as missing, a.*
              from (select 1) one left join alert a on true order by a.alert_id""";

    /** The list may end before a saga that is known; so those that it does not have are asked for by themselves. */
    private static final String RECOVERED = "with " + StuckSql.WITH_STUCK_AMONG + """
            , gone as (
              delete from saga_console_stuck k
               where k.saga_id = any((select wanted from p)::uuid[])
                 and not exists (select from stuck s where s.saga_id = k.saga_id)
              returning *)
            insert into saga_console_alert
                   (event, saga_id, saga_name, saga_version, business_key, reason, since, became)
            select 'RECOVERED', g.saga_id, g.saga_name, g.saga_version, g.business_key, g.reason, g.since,
                   case when i.saga_id is null then 'REMOVED'
                        when i.pause_reason is not null and i.phase not in ('COMPLETED', 'COMPENSATED') then 'PAUSED'
                        else i.phase end
              from gone g left join saga_instance i using (saga_id)
            returning *""";

    private final JdbcOperations jdbc;
    private final StuckAllowances allowances;
    private final AlertBook<StuckAlert> book;

    /**
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param allowances how long what is due may be late before it counts as stuck
     * @param limit how long one statement may take
     * @param delivers whether a webhook is to be told; the same in all processes
     * @param heard is told each alert after its commit, such as a Spring publisher of events
     */
    public StuckWatch(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            StuckAllowances allowances,
            Duration limit,
            boolean delivers,
            Consumer<StuckAlert> heard) {
        this.jdbc = jdbc;
        this.allowances = allowances;
        this.book = new AlertBook<>(jdbc, transactions, limit, delivers, heard);
    }

    /** Looks once; whether there is more to note at once. Does nothing while another process looks. */
    public boolean look() {
        return book.note(this::inTransaction);
    }

    private AlertBook.Noted<StuckAlert> inTransaction() {
        List<StuckAlert> alerts = new ArrayList<>();
        List<UUID> missing = new ArrayList<>();
        jdbc.query(GOT_STUCK, StuckSql.arguments(allowances).value(MOST).value(MOST), row -> {
            if (missing.isEmpty() && row.getArray("missing") != null) {
                missing.addAll(List.of((UUID[]) row.getArray("missing").getArray()));
            }
            if (row.getObject("alert_id") != null) {
                alerts.add(AlertRows.saga(row));
            }
        });
        boolean isMore = alerts.size() >= MOST;
        if (!missing.isEmpty()) {
            List<StuckAlert> recovered = jdbc.query(
                    RECOVERED,
                    StuckSql.arguments(allowances).array("uuid", missing, Function.identity()),
                    (row, number) -> AlertRows.saga(row));
            isMore |= recovered.size() >= MOST;
            alerts.addAll(recovered);
        }
        return new AlertBook.Noted<>(alerts, isMore);
    }
}
