package io.amends.dashboard.stuck;

import io.amends.dashboard.tenants.TenantScope;
import io.amends.outbox.Buckets;
import io.amends.runtime.sql.Arguments;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The statement that tells which sagas are stuck. Each branch reads an index that holds suspicious sagas only, and no more
 * of it than is allowed, so that its cost follows what is stuck and not what runs. Where several branches have a saga, the
 * one that comes first counts: the cause before the symptom. A saga that an operator holds is in no branch, until the end
 * of the hold was missed. Of sagas that are asked for by their ids all is read that is theirs, so that what is told of one does
 * not hang on how many others are stuck.
 */
public final class StuckSql {

    /** How much of each branch is read, the oldest first; what is more is told as "at least". */
    public static final int MOST = 10_000;

    /** A message's key, where it is a saga's id. */
    private static final String SAGA_ID =
            "case when %1$s ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then (%1$s)::uuid end";

    private static final String RUNS = "i.phase in ('RUNNING', 'COMPENSATING') and i.pause_reason is null";

    private static final String ASKED = """
            asked as materialized (
              select w.saga_id, w.saga_id::text as key, w.bucket
                from p cross join unnest(p.wanted, p.buckets) w (saga_id, bucket)),
            """;

    private static final String AMONG = " and i.saga_id = any((select wanted from p)::uuid[])";

    /** When something is due next; the instance's own time may be earlier, until somebody has looked. */
    private static final String EXACTLY_DUE = """
            select least((select min(s.due_at) from saga_step s
                           where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')),
                         case when i.cause_code is null and not i.overdue then i.deadline_at end) as due_at""";

    private static final String UNSENT = """
            select %d as part, o.aggregateid, o.created_at, o.xid >= pg_snapshot_xmax(l.published_to) as is_after
              from saga_outbox o
             where o.bucket %% l.lane_count = l.lane and o.aggregatetype like 'saga.%%' and %s
             limit (select greatest(head, reach / l.lane_count) from p)""";

    /**
     * What sagas that are asked for have behind the messages of their lane that were read. The lane's cursor is a snapshot from before
     * the first message of a later transaction was appended; what was sent since then can't be published, and it need not be read for
     * that.
     */
    private static final String BEHIND = """
              union all
              (select i.saga_id, 3, null::int, 'OUTBOX_BLOCKED', min(h.at)
                 from (select u.lane, min(u.lane_count) as lane_count, min(u.created_at) as first_at
                         from unsent u where u.is_after group by u.lane) m
                 join asked a on a.bucket %% m.lane_count = m.lane
                 join saga_instance i using (saga_id)
                 join saga_timeline h using (saga_id)
                where h.event = 'Sent' and h.participant is not null and h.at > m.first_at and h.at < (select unsent_before from p)
                  and %s
                group by i.saga_id)""";

    /**
     * How many times as many messages and steps that wait are read, where only some tenants' sagas are meant: whose those are is asked
     * after that, so that others' would use up the ten thousand.
     */
    private static final int TIMES = 5;

    /** Likewise, as a number. */
    static final int FURTHER = TIMES * MOST;

    /**
     * Defines {@code stuck (saga_id, code, since)}, {@code p} with the present time, and {@code cut (is_cut)}, whether more may be stuck
     * than was read; follows "with".
     */
    public static final String WITH_STUCK = with("", "", 1);

    /**
     * As {@link #WITH_STUCK}, of those sagas only that its arguments name, however many are stuck, and without {@code cut}: nothing is
     * left out.
     */
    public static final String WITH_STUCK_AMONG = with(", ?::uuid[] as wanted, ?::int[] as buckets", AMONG, 0);

    /** The same of one saga, as a whole statement. */
    public static final String ONE = "with " + WITH_STUCK_AMONG + "select code, since from stuck";

    private static final String WITH_STUCK_OF_TENANTS = having(1);

    /** {@link #WITH_STUCK} of those tenants' sagas, however many others are stuck; its arguments know them too. */
    public static String withStuck(TenantScope scope) {
        return withStuck(scope.isAll() ? 0 : 1);
    }

    /**
     * {@link #WITH_STUCK} of sagas alone that have one of some values in each of so many search attributes, however many others
     * are stuck. Behind the arguments of {@link #WITH_STUCK} come each attribute's name and its values.
     */
    public static String withStuck(int attributes) {
        return attributes == 0 ? WITH_STUCK : attributes == 1 ? WITH_STUCK_OF_TENANTS : having(attributes);
    }

    private static String having(int attributes) {
        StringBuilder columns = new StringBuilder();
        StringBuilder conditions = new StringBuilder();
        for (int i = 1; i <= attributes; i++) {
            columns.append(", ?::text as name_%1$d, ?::text[] as values_%1$d".formatted(i));
            conditions.append(
                    " and i.attributes ->> (select name_%1$d from p) = any((select values_%1$d from p)::text[])"
                            .formatted(i));
        }
        return with(columns.toString(), conditions.toString(), TIMES);
    }

    /** @param times how many times as much is read of what waits, 0 where the sagas' ids are given and nothing ends the reading */
    private static String with(String column, String only, int times) {
        boolean isAmong = times == 0;
        return """
            p as materialized (
              select h.*, %11$s
                from (select now, ? * interval '1 millisecond' as lag, now - ? * interval '1 millisecond' as unsent_before,
                             now - ? * interval '1 millisecond' as absent_before, ?::int as hot,
                             ? * interval '1 millisecond' as patience, ?::int as head%9$s
                        from clock_timestamp() now) h),
            %12$s
            alive as materialized (
              select min(n.since) as since from saga_node n where n.alive_until > (select now from p)),
            dead as materialized (
              select d.saga_name, d.saga_version, coalesce(max(n.alive_until), a.since) as since
                from (select distinct saga_name, saga_version from saga_definition) d
               cross join alive a
                left join saga_node_definition v using (saga_name, saga_version)
                left join saga_node n using (node)
               where a.since is not null
               group by d.saga_name, d.saga_version, a.since
              having coalesce(max(n.alive_until), a.since) < (select absent_before from p)),
            blocked_key as materialized (
              select k.since, %2$s as saga_id
                from saga_parked_key k%13$s
               where k.blocked_by is not null and k.aggregatetype like 'saga.%%'
               order by k.since limit (select reach from p)),
            unsent as materialized (
              select l.lane, l.lane_count, o.part, o.aggregateid, o.created_at, o.is_after
                from saga_outbox_waiting(1) w
                join saga_lane l using (lane)
               cross join lateral (
                 (%4$s)
                 union all
                 (%5$s)
                 union all
                 (%6$s)) o
               where w.oldest < (select unsent_before from p)),
            unreadable as materialized (
              select %7$s as saga_id, q.quarantined_at
                from saga_inbox_quarantine q%14$s
               where q.topic like 'saga.%%.replies' and q.reason_code <> 'UNKNOWN_SAGA'
               order by q.quarantined_at limit (select reach from p)),
            tried as materialized (
              select i.saga_id, i.saga_name, i.saga_version
                from saga_instance i
               where i.tried is not null and %1$s
               order by i.created_at limit (select most from p)),
            held as materialized (
              select s.saga_id, s.step, s.held_since
                from saga_step s%15$s
               where s.held_for is not null
                 and not exists (select from saga_participant_flow f
                                  where f.participant = s.held_for and f.held_by is not null)
               order by s.held_since limit (select reach from p)),
            suspect (saga_id, rank, part, code, since) as (
              (select i.saga_id, 1, 1,
                      case when i.reason_code in ('COMPENSATION_FAILED', 'RETRIES_EXHAUSTED', 'DEADLINE_BREACHED',
                                                  'NO_HANDLER_VERSION')
                           then i.reason_code else 'NON_RETRYABLE' end,
                      coalesce(i.stuck_since, i.updated_at)
                 from saga_instance i
                where i.phase = 'STUCK' and i.pause_reason is null%10$s
                order by i.stuck_since limit (select most from p))
              union all
              (select i.saga_id, 2, 2, 'NO_HANDLER_VERSION', greatest(d.since, i.created_at)
                 from dead d join saga_instance i using (saga_name, saga_version)
                where %1$s
                order by i.created_at limit (select most from p))
              union all
              (select i.saga_id, 3, null::int, 'OUTBOX_BLOCKED', k.since
                 from blocked_key k join saga_instance i using (saga_id)
                where %1$s)
              union all
              (select i.saga_id, 3, null::int, 'OUTBOX_BLOCKED', o.created_at
                 from (select %3$s as saga_id, o.created_at
                         from unsent o
                        where o.created_at < (select unsent_before from p)) o
                 join saga_instance i using (saga_id)
                where %1$s)
            %16$s
              union all
              (select i.saga_id, 4, 3, 'NO_LIVE_OWNER', coalesce(i.paused_until, e.due_at)
                 from saga_instance i
                cross join lateral (%8$s) e
                where i.due_at < (select now - lag from p)%10$s
                  and (i.paused_until is not null or (%1$s and e.due_at < (select now - lag from p)))
                order by i.due_at limit (select most from p))
              union all
              (select i.saga_id, 4, 4, 'NO_LIVE_OWNER', least((select now from p), coalesce(e.due_at, i.updated_at))
                 from saga_instance i
                cross join lateral (%8$s) e
                where i.due_failures > 2 and %1$s
                order by i.created_at limit (select most from p))
              union all
              (select i.saga_id, 5, null, 'QUARANTINED_MESSAGE', q.quarantined_at
                 from unreadable q join saga_instance i using (saga_id)
                where %1$s
                  and exists (select from saga_step s
                               where s.saga_id = i.saga_id and s.status in ('SENT', 'COMPENSATING')
                                 and s.first_sent_at <= q.quarantined_at))
              union all
              (select i.saga_id, 6, 5, 'DEADLINE_BREACHED', i.deadline_at
                 from saga_instance i
                where i.overdue and i.phase = 'RUNNING' and i.cause_code is null and i.pause_reason is null%10$s
                order by i.deadline_at limit (select most from p))
              union all
              (select i.saga_id, 7, 6, 'WAITING_PERSON_OVERDUE', s.sla_at
                 from saga_step s join saga_instance i using (saga_id)
                where s.sla_at < (select now from p) and s.status = 'SENT'
                  and i.phase = 'RUNNING' and i.cause_code is null and i.pause_reason is null%10$s
                order by s.sla_at limit (select most from p))
              union all
              (select t.saga_id,
                      case when t.late and t.does = 'SIGNAL' then 7 when t.late and t.error is null then 8 else 9 end, null,
                      case when t.late and t.does = 'SIGNAL' then 'WAITING_PERSON_OVERDUE'
                           when t.late and t.error is null then 'REPLY_OVERDUE' else 'HOT_RETRY' end,
                      case when t.late and (t.does = 'SIGNAL' or t.error is null) then t.overdue_at
                           else t.first_sent_at end
                 from (select s.saga_id, s.error, s.attempts, s.first_sent_at, d.does, a.overdue_at,
                              a.overdue_at < (select now - lag from p) as late
                         from tried i join saga_step s using (saga_id)
                         left join saga_definition_step d using (saga_name, saga_version, step)
                        cross join lateral (
                          select s.first_sent_at
                                 + coalesce(case s.status when 'SENT' then d.patience_ms
                                                 else d.compensation_patience_ms end * interval '1 millisecond',
                                            (select patience from p)) as overdue_at) a
                        where s.status in ('SENT', 'COMPENSATING') and s.attempts > 1 and s.held_for is null) t
                where t.late or t.attempts >= (select hot from p))
              union all
              (select i.saga_id, 8, null, 'REPLY_OVERDUE', a.overdue_at
                 from held s join saga_instance i using (saga_id)
                 left join saga_definition_step d using (saga_name, saga_version, step)
                cross join lateral (
                  select s.held_since + coalesce(d.patience_ms * interval '1 millisecond',
                                                 (select patience from p)) as overdue_at) a
                where i.phase = 'RUNNING' and i.pause_reason is null%10$s and a.overdue_at < (select now - lag from p))),
            cut as materialized (
              select greatest((select count(*) from blocked_key), (select count(*) from unreadable),
                              (select count(*) from held)) >= p.reach
                     or (select count(*) from tried) >= p.most
                     or exists (select from unsent u
                                 group by u.lane, u.part
                                having count(*) >= greatest(p.head, p.reach / min(u.lane_count))
                                   and min(u.created_at) < p.unsent_before)
                     or exists (select from suspect s
                                 where s.part is not null group by s.part having count(*) >= p.most) as is_cut
                from p),
            stuck as (
              select distinct on (saga_id) saga_id, code, since from suspect order by saga_id, rank, since)
            """.formatted(
                RUNS + only,
                SAGA_ID.formatted("k.aggregateid"),
                SAGA_ID.formatted("o.aggregateid"),
                UNSENT.formatted(1, "l.cut_to is null and o.xid >= pg_snapshot_xmax(l.published_to) order by o.xid"),
                UNSENT.formatted(
                        2,
                        "l.cut_to is null and o.xid = any (array(select pg_snapshot_xip(l.published_to))) order by o.xid"),
                UNSENT.formatted(
                        3,
                        "o.position > l.cut_position and not pg_visible_in_snapshot(o.xid, l.published_to) order by o.position"),
                SAGA_ID.formatted("encode(q.record_key, 'escape')"),
                EXACTLY_DUE,
                column,
                only,
                isAmong
                        ? "null::int as most, null::int as reach"
                        : "h.head as most, h.head * %d as reach".formatted(times),
                isAmong ? ASKED : "",
                isAmong ? " join asked a on a.key = k.aggregateid" : "",
                isAmong ? " join asked a on convert_to(a.key, 'UTF8') = q.record_key" : "",
                isAmong ? " join asked a using (saga_id)" : "",
                isAmong ? BEHIND.formatted(RUNS) : "");
    }

    /**
     * The step that an instance {@code i} is stuck at, as {@code at}: the one that failed before one that is open. Follows
     * the from clause.
     */
    public static final String AT_STEP = """
             left join lateral (
               select s.step, s.status, s.participant, s.attempts, s.error, s.error_frames, s.held_for
                 from saga_step s
                where s.saga_id = i.saga_id
                  and (s.held_for is not null
                       or s.status in ('SENT', 'UNKNOWN', 'COMPENSATING', 'COMPENSATION_FAILED', 'REJECTED'))
                order by case when s.status = 'COMPENSATION_FAILED' then 1
                              when s.status = 'COMPENSATING' then 2
                              when s.status = 'REJECTED' then case when i.cause_code is null then 3 else 6 end
                              when s.status = 'UNKNOWN' then 4
                              else 5 end,
                         s.attempts desc, s.first_sent_at, s.step
                limit 1) at on true
            """;

    /** For how long a {@code stuck s} is, as the name of an {@link AgeBucket}. */
    public static final String AGE = AgeBucket.sql("extract(epoch from (select now from p) - s.since)");

    /** What an instance {@code i} or its step {@code at} says of what is the matter; null if neither says anything. */
    public static final String TEXT = "coalesce(case when i.phase = 'STUCK' then i.reason end, at.error, i.reason)";

    /** Where in the code the exception came from that {@link #TEXT} tells, a line for each frame; null if it tells none. */
    public static final String FRAMES = """
            case when i.phase = 'STUCK' and i.reason is not null then i.reason_frames
                 when at.error is not null then at.error_frames
                 when i.reason is not null then i.reason_frames end""";

    private StuckSql() {}

    /** What that text says as a saga's id, null if it is none. */
    public static String sagaId(String text) {
        return SAGA_ID.formatted(text);
    }

    /** The arguments of {@link #ONE}. */
    public static Arguments.Plain arguments(StuckAllowances allowances, UUID sagaId) {
        return arguments(allowances, List.of(sagaId));
    }

    /** The arguments of {@link #WITH_STUCK_AMONG}. */
    public static Arguments.Plain arguments(StuckAllowances allowances, List<UUID> sagaIds) {
        return arguments(allowances, sagaIds, MOST);
    }

    /**
     * Likewise, with less that is read.
     *
     * @param most how many of a lane's messages are read, at least 1
     */
    public static Arguments.Plain arguments(StuckAllowances allowances, List<UUID> sagaIds, int most) {
        return arguments(allowances, most)
                .array("uuid", sagaIds, Function.identity())
                .array("int", sagaIds, id -> (int) Buckets.of(id.toString()));
    }

    /** The arguments of {@link #withStuck}. */
    public static Arguments.Plain arguments(StuckAllowances allowances, TenantScope scope) {
        return scope.arguments(arguments(allowances));
    }

    /** The arguments of {@link #WITH_STUCK}. */
    public static Arguments.Plain arguments(StuckAllowances allowances) {
        return arguments(allowances, MOST);
    }

    /**
     * The arguments of {@link #WITH_STUCK}, with less that is read.
     *
     * @param most how much of each branch is read, at least 1
     */
    public static Arguments.Plain arguments(StuckAllowances allowances, int most) {
        return new Arguments.Plain()
                .value(allowances.action().toMillis())
                .value(allowances.unsent().toMillis())
                .value(allowances.absence().toMillis())
                .value(allowances.hotAttempts())
                .value(StuckAllowances.UNKNOWN_STEP.toMillis())
                .value(most);
    }
}
