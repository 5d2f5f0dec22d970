package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.messages.Replays;
import io.amends.dashboard.verbs.Outcome.Evidence;
import io.amends.runtime.sql.Arguments;
import io.amends.saga.engine.SagaPhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells what truly came of orders, from what is stored: the saga's history since, where it stands, and what is still in the
 * outbox. A few statements for any number of orders. Safe for use by many threads and processes.
 */
public final class Outcomes {

    /**
     * A step that is still sent though it was answered has an answer that the saga's own code did not take; a no to what must
     * succeed, or to a compensation, is none that helps.
     */
    private static final String EVIDENCE = """
            select a.action_id, case a.result when 'DONE' then coalesce(o.state, 'ACCEPTED') when 'NOTED' then 'NOTED'
                                              else 'REFUSED' end as settled,
                   o.state is not null or a.result <> 'DONE' as is_settled,
                   a.phase_after, a.steps, i.phase, coalesce(a.judge_by < clock_timestamp(), false) as late,
                   coalesce(h.answered, '{}') as answered, coalesce(h.erred, '{}') as erred, h.lines > 0 as something,
                   exists (select from saga_outbox m
                             join saga_lane l on m.bucket % l.lane_count = l.lane
                            where m.xid = a.xid and m.aggregateid = a.saga_id::text
                              and not pg_visible_in_snapshot(m.xid, l.published_to)) as unsent
              from saga_console_action a
              left join saga_console_outcome o using (action_id)
              left join saga_instance i using (saga_id)
             cross join lateral (
               select count(*) as lines,
                      array_agg(distinct h.step) filter (
                        where h.disposition = 'ACCEPTED'
                          and coalesce(s.status, '') not in ('SENT', 'COMPENSATION_FAILED')
                          and not (coalesce(s.status, '') = 'REJECTED' and i.cause_code is null)
                          and ((h.event = 'ReplyReceived' and (h.detail like 'success %' or h.detail like 'rejection %'))
                               or h.event = 'LocalStepRan')) as answered,
                      array_agg(distinct h.step) filter (
                        where (h.event = 'ReplyReceived' and h.detail like 'error %')
                           or h.event = 'LocalStepThrew') as erred
                 from saga_history h left join saga_step s using (saga_id, step)
                where h.saga_id = a.saga_id and h.hlc > a.hlc_after) h
             where a.action_id = any(?::bigint[]) and not (a.verb = ? and a.result = 'DONE')""";

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;

    /** In that database. */
    public Outcomes(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** What came of those orders so far, by the number of the line; a line that is not there is left out. */
    public Map<Long, ActionState> of(Collection<Long> actionIds) {
        return of(actionIds, false);
    }

    private Map<Long, ActionState> of(Collection<Long> actionIds, boolean isTimeOver) {
        List<Long> ids = List.copyOf(actionIds);
        Map<Long, ActionState> states = new LinkedHashMap<>();
        jdbc.query(
                EVIDENCE,
                new Arguments.Plain().array("bigint", ids, Function.identity()).value(Replays.VERB),
                row -> {
                    states.put(row.getLong("action_id"), state(row, isTimeOver));
                });
        ReplayOutcomes.add(jdbc, ids, states);
        return states;
    }

    /**
     * What came of the open orders to a saga, if their time is over now: what comes later is another order's. For the
     * transaction that has the saga's row, before the other order is carried out. Orders that the application gives without
     * the console end nobody's time. A message that was handed back is told apart by its place, whatever is ordered
     * meanwhile.
     */
    Map<Long, ActionState> soFar(UUID sagaId) {
        List<Long> open = jdbc.query("""
                select action_id from saga_console_unsettled u join saga_console_action using (action_id)
                 where saga_id = ? and verb <> ? order by action_id for update of u""", (row, number) -> row.getLong(1), sagaId, Replays.VERB);
        return open.isEmpty() ? Map.of() : of(open, true);
    }

    /**
     * Settles, in the caller's transaction, what earlier orders to hand the same message back came to, as long as it can be
     * told apart from what comes of the next one. One that is with who handles it still stays open.
     *
     * @param arguments of those orders, as the audit has them
     */
    public void endReplays(String arguments) {
        List<Long> open = jdbc.query("""
                select action_id from saga_console_unsettled u join saga_console_action using (action_id)
                 where verb = ? and arguments = ? order by action_id for update of u""", (row, number) -> row.getLong(1), Replays.VERB, arguments);
        if (open.isEmpty()) {
            return;
        }
        Map<Long, ActionState> states = of(open);
        states.values().removeIf(state -> !state.isFinal());
        settle(states.keySet(), states);
    }

    /**
     * Settles orders that were not yet: those that were looked at longest ago, several processes different ones.
     *
     * @param most how many to look at
     * @param again when to look again at those that are still open
     * @return how many were settled
     */
    public int settle(int most, Duration again) {
        Integer settled = transaction.execute(status -> settleInTransaction(most, again));
        return settled == null ? 0 : settled;
    }

    private int settleInTransaction(int most, Duration again) {
        List<Long> open = jdbc.query("""
                select action_id from saga_console_unsettled where look_at <= clock_timestamp()
                 order by look_at, action_id limit ? for update skip locked""", (row, number) -> row.getLong(1), most);
        if (open.isEmpty()) {
            return 0;
        }
        Map<Long, ActionState> states = of(open);
        List<Long> done = open.stream()
                .filter(id -> {
                    ActionState state = states.get(id);
                    return state == null || state.isFinal();
                })
                .toList();
        settle(done, states);
        jdbc.update("""
                update saga_console_unsettled set look_at = clock_timestamp() + ? * interval '1 millisecond'
                 where action_id = any(?::bigint[])""", new Arguments.Plain().value(again.toMillis()).array("bigint", open, Function.identity()));
        return done.size();
    }

    /** Notes in the caller's transaction that this came of those orders, unless something was noted before. */
    void settle(Collection<Long> done, Map<Long, ActionState> states) {
        List<Long> known = done.stream().filter(states::containsKey).toList();
        jdbc.update(
                """
                insert into saga_console_outcome (action_id, state)
                select * from unnest(?::bigint[], ?::text[]) o on conflict do nothing""",
                new Arguments.Plain()
                        .array("bigint", known, Function.identity())
                        .array("text", known, id -> String.valueOf(states.get(id))));
        jdbc.update(
                "delete from saga_console_unsettled where action_id = any(?::bigint[])",
                new Arguments.Plain().array("bigint", List.copyOf(done), Function.identity()));
    }

    private static ActionState state(ResultSet row, boolean isTimeOver) throws SQLException {
        if (row.getBoolean("is_settled")) {
            return ActionState.valueOf(row.getString("settled"));
        }
        String phase = row.getString("phase");
        return Outcome.judge(new Evidence(
                SagaPhase.valueOf(row.getString("phase_after")),
                texts(row, "steps"),
                phase == null ? null : SagaPhase.valueOf(phase),
                texts(row, "answered"),
                texts(row, "erred"),
                row.getBoolean("something"),
                row.getBoolean("unsent"),
                isTimeOver || row.getBoolean("late")));
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        @Nullable Object array = row.getArray(column).getArray();
        return array instanceof String[] texts ? Set.of(texts) : Set.of();
    }
}
