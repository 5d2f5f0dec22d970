package io.amends.runtime.retention;

import io.amends.runtime.sql.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Removes sagas that ended long ago, walking along the primary key: ids of sagas grow with time, so that no index is needed that
 * every saga would have to pay for. What another transaction has locked is left until the next time. A child goes once its parent
 * and the parent's other children are old too, and a parent after its children, so that nothing that can still be compensated loses what that needs. For one
 * thread.
 */
final class SagaRemoval {

    private static final UUID FIRST = new UUID(0, 0);

    /**
     * All that are looked at, and whether they may go; those are locked, so that none is reopened meanwhile. What must stay for
     * its family's sake is not: it would be locked in each round. Under the locks {@link #REMOVE} looks once more.
     */
    private static final String LOOK = """
            with looked as materialized (
              select saga_id from saga_instance where saga_id > ? and saga_id < ? order by saga_id limit ?),
            old as (
              select saga_id from saga_instance o
               where saga_id = any(array(select saga_id from looked))
                 and phase in ('COMPLETED', 'COMPENSATED') and pause_reason is null and updated_at < ?::timestamptz
                 and not exists (select from saga_sub_saga l join saga_instance c using (saga_id)
                                  where l.parent_id = o.saga_id)
                 and not exists (select from saga_sub_saga l left join saga_instance p on p.saga_id = l.parent_id
                                  where l.saga_id = o.saga_id
                                    and case when p.saga_id is null then o.updated_at >= ?::timestamptz
                                             else p.phase not in ('COMPLETED', 'COMPENSATED')
                                                  or p.pause_reason is not null or p.updated_at >= ?::timestamptz end)
                 for update of o skip locked)
            select looked.saga_id, old.saga_id is not null as is_old
              from looked left join old using (saga_id) order by looked.saga_id""";

    /** Parents that are old as well: locked, since a parent that is reopened may have its children undone. */
    private static final String PARENTS = """
            select saga_id from saga_instance
             where saga_id = any(array(select parent_id from saga_sub_saga where saga_id = any(?::uuid[])))
               and phase in ('COMPLETED', 'COMPENSATED') and pause_reason is null and updated_at < ?::timestamptz
               for share skip locked""";

    /** A parent that is not here is of another service, whose compensation finds the child as long as the barrier knows it. */
    private static final String REMOVE = """
            with gone as materialized (
              select o.saga_id from unnest(?::uuid[]) o (saga_id)
               where not exists (select from saga_sub_saga l join saga_instance c using (saga_id)
                                  where l.parent_id = o.saga_id)
                 and not exists (select from saga_sub_saga l join saga_instance i using (saga_id)
                                  where l.saga_id = o.saga_id and l.parent_id <> all(?::uuid[])
                                    and (i.updated_at >= ?::timestamptz
                                         or exists (select from saga_instance p where p.saga_id = l.parent_id)))
                 and not exists (select from saga_sub_saga l
                                   join saga_sub_saga s on s.parent_id = l.parent_id and s.saga_id <> l.saga_id
                                   join saga_instance c on c.saga_id = s.saga_id
                                  where l.saga_id = o.saga_id
                                    and (c.phase not in ('COMPLETED', 'COMPENSATED') or c.pause_reason is not null
                                         or c.updated_at >= ?::timestamptz))),
            step as (delete from saga_step where saga_id = any(array(select saga_id from gone))),
            history as (delete from saga_history where saga_id = any(array(select saga_id from gone))),
            reply as (delete from saga_waiting_reply where saga_id = any(array(select saga_id from gone))),
            link as (
              delete from saga_sub_saga
               where saga_id = any(array(select saga_id from gone)) or parent_id = any(array(select saga_id from gone))),
            instance as (
              delete from saga_instance where saga_id = any(array(select saga_id from gone)) returning saga_id)
            select count(*) from instance""";

    private final ShortTransactions transactions;
    private final Duration kept;
    private final @Nullable Duration barrier;
    private final BatchSize batch;
    private UUID from = FIRST;
    private Instant before = Instant.EPOCH;
    private Instant foreignBefore = Instant.EPOCH;

    SagaRemoval(ShortTransactions transactions, Duration kept, @Nullable Duration barrier, BatchSize batch) {
        this.transactions = transactions;
        this.kept = kept;
        this.barrier = barrier;
        this.batch = batch;
    }

    private record Looked(UUID sagaId, boolean isOld) {}

    private record Removed(UUID last, long rows) {}

    /** Begins anew with the oldest. */
    void begin() {
        from = FIRST;
        before = transactions.ago(kept);
        foreignBefore = barrier == null ? Instant.EPOCH : transactions.ago(barrier);
    }

    /** Looks at some more; null when there are no more. */
    @Nullable
    Long some() {
        Removed some = transactions.run(jdbc -> {
            List<Looked> looked = jdbc.query(
                    LOOK,
                    new Arguments.Plain()
                            .value(from)
                            .value(ShortTransactions.firstId(before))
                            .value(batch.now())
                            .value(before.toString())
                            .value(foreignBefore.toString())
                            .value(before.toString()),
                    (row, number) -> new Looked(row.getObject("saga_id", UUID.class), row.getBoolean("is_old")));
            if (looked.isEmpty()) {
                return null;
            }
            List<UUID> old =
                    looked.stream().filter(Looked::isOld).map(Looked::sagaId).toList();
            return new Removed(looked.get(looked.size() - 1).sagaId(), old.isEmpty() ? 0 : remove(jdbc, old));
        });
        if (some == null) {
            return null;
        }
        // Not before the commit: what breaks off is looked at again.
        from = some.last();
        return some.rows();
    }

    private long remove(JdbcOperations jdbc, List<UUID> old) {
        List<UUID> parents = new ArrayList<>();
        jdbc.query(
                PARENTS,
                new Arguments.Plain().array("uuid", old, Function.identity()).value(before.toString()),
                row -> {
                    parents.add(row.getObject(1, UUID.class));
                });
        Long removed = jdbc.query(
                REMOVE,
                new Arguments.Plain()
                        .array("uuid", old, Function.identity())
                        .array("uuid", parents, Function.identity())
                        .value(foreignBefore.toString())
                        .value(before.toString()),
                rows -> rows.next() ? rows.getLong(1) : 0L);
        return removed == null ? 0 : removed;
    }
}
