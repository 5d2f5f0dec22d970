package io.amends.runtime.retention;

import io.amends.runtime.sql.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes what participants remember of commands, all rows of a saga at a participant or none: an action without the
 * compensation that was recorded after it, or the other way round, would be a wrong memory. Rows stay as long as anything here
 * shows that the saga is not over: one is young, or its answer is still to come, or waits for another attempt, or the saga holds
 * a semantic lock, or its instance is in this database and has not ended, or was ended
 * by hand and may be reopened. Walks along the primary key, whose ids of sagas grow with
 * time. For one thread.
 */
final class CommandRemoval {

    private static final UUID FIRST = new UUID(0, 0);

    /** Jumps from one to the next, whatever the number of rows. */
    private static final String PARTICIPANTS = """
            with recursive each as (
              (select participant from saga_inbox_command order by participant limit 1)
              union all
              select (select b.participant from saga_inbox_command b where b.participant > each.participant
                       order by b.participant limit 1)
                from each where each.participant is not null)
            select participant from each where participant is not null""";

    /** Rows that belong to a command go with it, by their foreign key. */
    private static final String REMOVE = """
            with looked as materialized (
              select saga_id from saga_inbox_command
               where participant = ? and saga_id > ? and saga_id < ? order by saga_id limit ?),
            old as materialized (
              select b.participant, b.saga_id, b.step, b.kind from saga_inbox_command b
               where b.participant = ? and b.saga_id = any(array(select saga_id from looked))
                 and not exists (select from saga_inbox_command y
                                  where y.participant = b.participant and y.saga_id = b.saga_id
                                    and (y.outcome is null or y.received_at >= ?::timestamptz))
                 and not exists (select from saga_instance i
                                  where i.saga_id = b.saga_id
                                    and (i.phase not in ('COMPLETED', 'COMPENSATED') or i.reason_code = 'RESOLVED_BY_HAND'))
                 and not exists (select from saga_inbox_redelivery r
                                  where r.participant = b.participant and r.saga_id = b.saga_id)
                 and not exists (select from saga_semantic_lock k where k.owner_saga = b.saga_id)
                 for update of b skip locked),
            gone as (
              delete from saga_inbox_command b using old o
               where b.participant = o.participant and b.saga_id = o.saga_id and b.step = o.step and b.kind = o.kind
              returning b.saga_id)
            select (select saga_id from looked order by saga_id desc limit 1) as last, (select count(*) from gone) as removed""";

    private final ShortTransactions transactions;
    private final Duration kept;
    private final BatchSize batch;
    private final Deque<String> participants = new ArrayDeque<>();
    private UUID from = FIRST;
    private Instant before = Instant.EPOCH;

    CommandRemoval(ShortTransactions transactions, Duration kept, BatchSize batch) {
        this.transactions = transactions;
        this.kept = kept;
        this.batch = batch;
    }

    private record Removed(@Nullable UUID last, long rows) {}

    /** Begins anew with the oldest of each participant. */
    void begin() {
        before = transactions.ago(kept);
        from = FIRST;
        participants.clear();
        participants.addAll(transactions.run(jdbc -> jdbc.queryForList(PARTICIPANTS, String.class)));
    }

    /** Looks at some more; null when there are no more. */
    @Nullable
    Long some() {
        String participant = participants.peek();
        if (participant == null) {
            return null;
        }
        Removed removed = remove(participant);
        if (removed.last() == null) {
            participants.remove();
            from = FIRST;
        } else {
            from = removed.last();
        }
        return removed.rows();
    }

    private Removed remove(String participant) {
        Arguments.Plain arguments = new Arguments.Plain()
                .value(participant)
                .value(from)
                .value(ShortTransactions.firstId(before))
                .value(batch.now())
                .value(participant)
                .value(before.toString());
        List<Removed> removed = transactions.run(jdbc -> jdbc.query(
                REMOVE,
                arguments,
                (row, number) -> new Removed(row.getObject("last", UUID.class), row.getLong("removed"))));
        return removed.get(0);
    }
}
