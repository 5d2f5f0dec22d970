package io.amends.runtime.isolation;

import io.amends.runtime.sql.Arguments;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The table {@code saga_semantic_lock}. Every method is one statement in the caller's transaction. The first statement
 * about some locks also locks their rows, in the order of their names; what follows, until the transaction ends, sees
 * everything that was committed about them before.
 */
final class LockTable {

    private final JdbcOperations jdbc;

    LockTable(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** @param made whether this claim made the row: nobody had the lock, and nobody waited for it */
    record Claimed(LockName name, @Nullable UUID owner, boolean made) {}

    /** What keeps a saga from a lock. */
    record Obstacle(LockName name, @Nullable UUID owner) {}

    /**
     * How a command stands with the locks it wants.
     *
     * @param obstacle the first one, null if there is none
     * @param waits whether it waits for one of them already
     * @param over whether its time is over
     * @param longestQueue how many wait for the one that most wait for
     */
    record Standing(@Nullable Obstacle obstacle, boolean waits, boolean over, long longestQueue) {}

    /** Takes the locks that nobody has or waits for; the answer tells whose each of them is now. */
    List<Claimed> claim(List<LockName> names, CommandScope scope) {
        Arguments.Plain arguments = new Arguments.Plain()
                .value(scope.sagaId())
                .value(scope.participant())
                .value(scope.step());
        return jdbc.query(
                """
                insert into saga_semantic_lock
                       (resource_type, resource_id, owner_saga, participant, step, acquired_at, touched)
                select n.resource_type, n.resource_id, ?, ?, ?, clock_timestamp(), 0
                  from unnest(?::text[], ?::text[]) with ordinality n (resource_type, resource_id, ordinal)
                 order by n.ordinal
                on conflict (resource_type, resource_id) do update set touched = saga_semantic_lock.touched + 1
                returning resource_type, resource_id, owner_saga, touched = 0 as made""",
                with(arguments, names),
                (row, number) ->
                        new Claimed(name(row), row.getObject("owner_saga", UUID.class), row.getBoolean("made")));
    }

    /** How the command stands with locks that it has claimed. */
    Standing standing(List<LockName> names, CommandScope scope) {
        Arguments.Plain arguments = new Arguments.Plain().value(scope.sagaId()).value(scope.sagaId());
        with(arguments, names)
                .value(scope.participant())
                .value(scope.sagaId())
                .value(scope.step())
                .value(scope.kind().wireName());
        record Row(LockName name, @Nullable UUID owner, boolean free, boolean waits, boolean over, long queue) {}
        List<Row> rows = jdbc.query(
                """
                select l.resource_type, l.resource_id, l.owner_saga,
                       coalesce(l.owner_saga = ?, not exists (
                         select from saga_semantic_lock_waiter w
                          where w.resource_type = l.resource_type and w.resource_id = l.resource_id
                            and w.in_order and w.saga_id <> ?
                            and (mine.position is null or w.position < mine.position))) as free,
                       mine.position is not null as waits,
                       coalesce(mine.deadline_at <= clock_timestamp(), false) as over,
                       (select count(*) from saga_semantic_lock_waiter w
                         where w.resource_type = l.resource_type and w.resource_id = l.resource_id) as queue
                  from unnest(?::text[], ?::text[]) n (resource_type, resource_id)
                  join saga_semantic_lock l using (resource_type, resource_id)
                  left join (select w.* from saga_inbox_redelivery r
                               join saga_semantic_lock_waiter w using (redelivery_id)
                              where r.participant = ? and r.saga_id = ? and r.step = ? and r.kind = ?) mine
                    using (resource_type, resource_id)""",
                arguments,
                (row, number) -> new Row(
                        name(row),
                        row.getObject("owner_saga", UUID.class),
                        row.getBoolean("free"),
                        row.getBoolean("waits"),
                        row.getBoolean("over"),
                        row.getLong("queue")));
        Obstacle first = rows.stream()
                .filter(row -> !row.free())
                .map(row -> new Obstacle(row.name(), row.owner()))
                .min((one, other) -> one.name().compareTo(other.name()))
                .orElse(null);
        return new Standing(
                first,
                rows.stream().anyMatch(Row::waits),
                rows.stream().anyMatch(Row::over),
                rows.stream().mapToLong(Row::queue).max().orElse(0));
    }

    /** Takes the free ones of locks that stand in no one's way, and ends the command's wait for them. */
    void take(List<LockName> names, CommandScope scope) {
        Arguments.Plain arguments = with(new Arguments.Plain(), names)
                .value(scope.participant())
                .value(scope.sagaId())
                .value(scope.step())
                .value(scope.kind().wireName())
                .value(scope.sagaId())
                .value(scope.participant())
                .value(scope.step());
        jdbc.update("""
                with wanted as (
                  select * from unnest(?::text[], ?::text[]) n (resource_type, resource_id)),
                waited as (
                  delete from saga_semantic_lock_waiter w using wanted n, saga_inbox_redelivery r
                   where w.resource_type = n.resource_type and w.resource_id = n.resource_id
                     and w.redelivery_id = r.redelivery_id
                     and r.participant = ? and r.saga_id = ? and r.step = ? and r.kind = ?)
                update saga_semantic_lock l
                   set owner_saga = ?, participant = ?, step = ?, acquired_at = clock_timestamp()
                  from wanted n
                 where l.resource_type = n.resource_type and l.resource_id = n.resource_id and l.owner_saga is null""", arguments);
    }

    /** Takes back what {@link #claim} made. */
    void forget(List<LockName> names) {
        jdbc.update("""
                delete from saga_semantic_lock
                 where (resource_type, resource_id) in (select * from unnest(?::text[], ?::text[]))""", with(new Arguments.Plain(), names));
    }

    /** Frees those of the locks that the saga has; returns them. */
    List<LockName> free(UUID owner, List<LockName> names) {
        return jdbc.query("""
                with freed as (
                  select resource_type, resource_id from saga_semantic_lock
                   where owner_saga = ? and (resource_type, resource_id) in (select * from unnest(?::text[], ?::text[]))
                   order by resource_type collate "C", resource_id collate "C"
                     for update)
                update saga_semantic_lock l set owner_saga = null, participant = null, step = null, acquired_at = null
                  from freed f
                 where l.resource_type = f.resource_type and l.resource_id = f.resource_id
                returning l.resource_type, l.resource_id""", with(new Arguments.Plain().value(owner), names), (row, number) -> name(row));
    }

    /** The locks that the saga has. */
    List<LockName> ownedBy(UUID owner) {
        return jdbc.query(
                "select resource_type, resource_id from saga_semantic_lock where owner_saga = ?",
                (row, number) -> name(row),
                owner);
    }

    /**
     * Makes due who may have one of the locks, as far as they are free, and removes the rows that nobody needs. Who is
     * being delivered at this moment is left out: it looks again before it waits.
     *
     * @return how many commands are due now
     */
    int serve(List<LockName> names) {
        Integer due = jdbc.query("""
                with free as (
                  select l.resource_type, l.resource_id
                    from saga_semantic_lock l
                    join unnest(?::text[], ?::text[]) n (resource_type, resource_id) using (resource_type, resource_id)
                   where l.owner_saga is null),
                waiting as (
                  select w.* from free join saga_semantic_lock_waiter w using (resource_type, resource_id)),
                next as (
                  select redelivery_id from waiting where not in_order
                  union
                  select redelivery_id from (
                    select distinct on (resource_type, resource_id) redelivery_id from waiting
                     where in_order order by resource_type, resource_id, position) head),
                here as (
                  select redelivery_id from saga_inbox_redelivery
                   where redelivery_id in (select redelivery_id from next)
                   order by redelivery_id
                     for no key update skip locked),
                due as (
                  update saga_inbox_redelivery r set next_attempt_at = clock_timestamp()
                    from here where r.redelivery_id = here.redelivery_id
                  returning 1),
                unneeded as (
                  delete from saga_semantic_lock l using free
                   where l.resource_type = free.resource_type and l.resource_id = free.resource_id
                     and not exists (select from waiting w
                                      where w.resource_type = l.resource_type and w.resource_id = l.resource_id))
                select count(*) as due from due""", with(new Arguments.Plain(), names), rows -> rows.next() ? rows.getInt("due") : 0);
        return due == null ? 0 : due;
    }

    static LockName name(ResultSet row) throws SQLException {
        return new LockName(row.getString("resource_type"), row.getString("resource_id"));
    }

    static Arguments.Plain with(Arguments.Plain arguments, List<LockName> names) {
        return arguments.array("text", names, LockName::type).array("text", names, LockName::id);
    }
}
