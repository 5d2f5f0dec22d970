package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.messages.Replays;
import io.amends.runtime.sql.Arguments;
import io.amends.runtime.wire.InboundRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Tells what came of messages that were handed back. They keep the place that they were read at, and it tells where each
 * is: with who handles it, set aside again, or in the history of its saga, as the reply or as what a reply answers.
 */
final class ReplayOutcomes {

    /** A place is written as {@link InboundRecord#place} does. What helped is what counts for a saga's other orders, too. */
    private static final String EVIDENCE = """
            select a.action_id, o.state as settled, cardinality(a.steps) > 0 as is_command,
                   coalesce(a.judge_by < clock_timestamp(), false) as late,
                   exists (select from saga_inbox_quarantine q
                            where (q.topic, q.partition_no, q.offset_no) = (m.topic, m.partition_no, m.offset_no)) as again,
                   exists (select from saga_waiting_reply w
                            where (w.topic, w.partition_no, w.offset_no) = (m.topic, m.partition_no, m.offset_no))
                     or exists (select from saga_inbox_redelivery r
                                 where r.saga_id = a.saga_id
                                   and (r.topic, r.partition_no, r.offset_no) = (m.topic, m.partition_no, m.offset_no)) as waits,
                   h.helped, h.accepted, h.told
              from saga_console_action a
              left join saga_console_outcome o using (action_id)
              left join saga_instance i using (saga_id)
             cross join lateral (
               select n.arguments ->> 'topic' as topic, (n.arguments ->> 'partition')::int as partition_no,
                      (n.arguments ->> 'offset')::bigint as offset_no
                 from (select a.arguments::jsonb as arguments) n) m
             cross join lateral (
               select case m.partition_no when ? then m.topic || '@' || m.offset_no || ' of the outbox'
                                          else m.topic || '-' || m.partition_no || '@' || m.offset_no end as place) p
             cross join lateral (
               select count(*) > 0 as told, coalesce(bool_or(h.disposition = 'ACCEPTED'), false) as accepted,
                      coalesce(bool_or(h.disposition = 'ACCEPTED' and h.detail not like 'error %'
                                       and coalesce(s.status, '') not in ('SENT', 'COMPENSATION_FAILED')
                                       and not (coalesce(s.status, '') = 'REJECTED' and i.cause_code is null)), false) as helped
                 from saga_history h left join saga_step s using (saga_id, step)
                where h.saga_id = a.saga_id and h.hlc > a.hlc_after and h.event = 'ReplyReceived'
                  and p.place in (h.place, h.command_place)) h
             where a.action_id = any(?::bigint[]) and a.verb = ? and a.result = 'DONE'""";

    private ReplayOutcomes() {}

    /** Adds what came of those of the lines that handed something back. */
    static void add(JdbcOperations jdbc, List<Long> actionIds, Map<Long, ActionState> to) {
        jdbc.query(
                EVIDENCE,
                new Arguments.Plain()
                        .value(InboundRecord.OUTBOX)
                        .array("bigint", actionIds, Function.identity())
                        .value(Replays.VERB),
                row -> {
                    to.put(row.getLong("action_id"), state(row));
                });
    }

    private static ActionState state(ResultSet row) throws SQLException {
        @Nullable String settled = row.getString("settled");
        if (settled != null) {
            return ActionState.valueOf(settled);
        }
        if (row.getBoolean("helped")) {
            return ActionState.PROGRESSED;
        }
        if (row.getBoolean("accepted") || row.getBoolean("again")) {
            return ActionState.FAILED_AGAIN;
        }
        if (row.getBoolean("waits")) {
            return ActionState.ACCEPTED;
        }
        // A reply that was handled and left no line was known before; that of a command is on its way.
        boolean isOnItsWay = row.getBoolean("is_command") && !row.getBoolean("told") && !row.getBoolean("late");
        return isOnItsWay ? ActionState.ATTEMPTED : ActionState.NO_EFFECT;
    }
}
