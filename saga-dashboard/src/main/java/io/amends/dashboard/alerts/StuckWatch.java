package io.amends.dashboard.alerts;

import io.amends.dashboard.failures.MutedSql;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckSql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Compares which sagas are stuck with which were when somebody looked last, and notes each difference as an alert, in one
 * transaction and two statements. Every process may watch: of several that look at once one does, and what it noted the
 * others find noted. So there is one alert for each transition, whatever process dies when. Sagas of a group that operators
 * have muted are passed over until it is muted no longer. Safe for use by many threads.
 */
public final class StuckWatch {

    /** How many sagas one look takes up at most of those that got stuck, and of those that are known; the next look goes on. */
    static final int MOST = 1_000;

    /**
     * Which sagas to ask about: those of the list that nobody was told of; and those that somebody was told of and that the list does
     * not have, or has for another reason. Where more are stuck than is read the list ends early, so that neither is news by itself: a
     * saga may turn out to be in a muted group, for a reason that the list did not come to. So of very many of either each look takes
     * those that follow the last one's, round and round. What is muted is as if nobody had looked, so that it is told when it is muted
     * no longer.
     */
    private static final String SUSPECTED =
            "with " + StuckSql.WITH_STUCK + ", muted as materialized (" + MutedSql.MUTED + ")," + """
            look as materialized (select ?::uuid as behind_unknown, ?::uuid as behind_known, ?::int as most),
            unknown as materialized (
              select s.saga_id, s.saga_id <= l.behind_unknown as is_next_round
                from look l cross join stuck s
               where not exists (select from saga_console_stuck k where k.saga_id = s.saga_id)
                 and (not exists (select from muted)
                      or not exists (select from saga_instance i
            """ + StuckSql.AT_STEP
                    + " join muted m on m.group_id = " + MutedSql.group("s.code") + """

                                      where i.saga_id = s.saga_id))
               order by s.saga_id <= l.behind_unknown, s.saga_id limit (select most from look)),
            known as materialized (
              select k.saga_id, k.saga_id <= l.behind_known as is_next_round
                from look l cross join saga_console_stuck k left join stuck s using (saga_id)
               where s.code is distinct from k.reason
               order by k.saga_id <= l.behind_known, k.saga_id limit (select most from look))
            select saga_id, false as is_known, is_next_round from unknown
            union all
            select saga_id, true, is_next_round from known
             order by is_known, is_next_round, saga_id""";

    /** Those sagas are asked for by themselves, whatever else is stuck; what differs from what was told is noted. */
    private static final String NOTED = "with " + StuckSql.WITH_STUCK_AMONG + ", muted as materialized ("
            + MutedSql.MUTED + ")," + """
            changed as materialized (
              select s.saga_id, s.code, s.since, k.reason as previous
                from stuck s left join saga_console_stuck k using (saga_id)
               where k.reason is distinct from s.code
                 and (not exists (select from muted)
                      or not exists (select from saga_instance i
            """ + StuckSql.AT_STEP
            + " join muted m on m.group_id = " + MutedSql.group("s.code") + """

                                      where i.saga_id = s.saga_id))),
            gone as (
              delete from saga_console_stuck k
               where k.saga_id = any((select wanted from p)::uuid[])
                 and not exists (select from stuck s where s.saga_id = k.saga_id)
              returning *),
            known as (
              insert into saga_console_stuck (saga_id, saga_name, saga_version, business_key, reason, since)
              select c.saga_id, i.saga_name, i.saga_version, i.business_key, c.code, c.since
                from changed c join saga_instance i using (saga_id)
                  on conflict (saga_id) do update set reason = excluded.reason, since = excluded.since),
            alert as (
              insert into saga_console_alert
                     (event, saga_id, saga_name, saga_version, business_key, step, participant, reason, previous_reason, since, became)
              select * from (
                (select 'GOT_STUCK', c.saga_id, i.saga_name, i.saga_version, i.business_key, at.step,
                        coalesce(at.held_for, at.participant), c.code, c.previous, c.since, null
                   from changed c join saga_instance i using (saga_id)
            """ + StuckSql.AT_STEP + """
                  order by c.since, c.saga_id)
                union all
                select 'RECOVERED', g.saga_id, g.saga_name, g.saga_version, g.business_key, null, null, g.reason, null, g.since,
                       case when i.saga_id is null then 'REMOVED'
                            when i.pause_reason is not null and i.phase not in ('COMPLETED', 'COMPENSATED') then 'PAUSED'
                            else i.phase end
                  from gone g left join saga_instance i using (saga_id)) a
              returning *)
            select * from alert order by alert_id""";

    private final JdbcOperations jdbc;
    private final StuckAllowances allowances;
    private final AlertBook<StuckAlert> book;
    private final int listed;
    private final int most;

    /** The last of those who are not known, and of those who are, that was asked about; changed by who has the book's lock. */
    private volatile Asked asked = new Asked(new UUID(0, 0), new UUID(0, 0));

    private record Asked(UUID unknown, UUID known) {}

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
        this(jdbc, transactions, allowances, limit, delivers, heard, StuckSql.MOST, MOST);
    }

    /**
     * @param listed how much of what is stuck is read
     * @param most how many sagas one look takes up
     */
    StuckWatch(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            StuckAllowances allowances,
            Duration limit,
            boolean delivers,
            Consumer<StuckAlert> heard,
            int listed,
            int most) {
        this.listed = listed;
        this.most = most;
        this.jdbc = jdbc;
        this.allowances = allowances;
        this.book = new AlertBook<>(jdbc, transactions, limit, delivers, heard);
    }

    /** Looks once; whether there is more to note at once. Does nothing while another process looks. */
    public boolean look() {
        return book.note(this::inTransaction);
    }

    private AlertBook.Noted<StuckAlert> inTransaction() {
        List<UUID> suspected = new ArrayList<>();
        Asked before = asked;
        UUID[] last = {before.unknown(), before.known()};
        jdbc.query(
                SUSPECTED,
                StuckSql.arguments(allowances, listed)
                        .value(before.unknown())
                        .value(before.known())
                        .value(most),
                row -> {
                    UUID id = Objects.requireNonNull(row.getObject("saga_id", UUID.class));
                    suspected.add(id);
                    last[row.getBoolean("is_known") ? 1 : 0] = id;
                });
        asked = new Asked(last[0], last[1]);
        if (suspected.isEmpty()) {
            return new AlertBook.Noted<>(List.of(), false);
        }
        List<StuckAlert> alerts = jdbc.query(
                NOTED, StuckSql.arguments(allowances, suspected, listed), (row, number) -> AlertRows.saga(row));
        return new AlertBook.Noted<>(alerts, alerts.size() >= most);
    }
}
