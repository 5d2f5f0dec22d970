package io.amends.runtime.isolation;

import io.amends.runtime.sql.Arguments;
import io.amends.saga.engine.CommandKind;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The table {@code saga_semantic_lock_waiter}: commands that lie in {@code saga_inbox_redelivery} until a lock is free or
 * their time is over. For the participant's redelivery. Joins the caller's transaction; the number of statements does not
 * depend on the number of commands. Safe for use by many threads.
 */
public final class WaitingCommands {

    private final JdbcOperations jdbc;
    private final LockTable locks;

    /** In that database. */
    public WaitingCommands(JdbcOperations jdbc) {
        this.jdbc = jdbc;
        this.locks = new LockTable(jdbc);
    }

    /** A command that waits; its row in {@code saga_inbox_redelivery} is there. */
    public record Waiting(UUID sagaId, String step, CommandKind kind, LockWait awaited) {}

    private record Entry(Waiting command, LockName name) {}

    /**
     * Gives the commands their places; who has one already keeps it. One whose locks have become free in the meantime is
     * due at once, the others when their time is over.
     *
     * @return how many are due at once
     */
    public int add(String participant, List<Waiting> commands) {
        List<Entry> entries = commands.stream()
                .flatMap(command -> command.awaited().names().stream().map(name -> new Entry(command, name)))
                .toList();
        lock(participant, entries);
        List<LockName> left = leaveOthers(participant, entries);
        enter(participant, entries);
        int due = look(participant, commands);
        return left.isEmpty() ? due : due + locks.serve(left);
    }

    /**
     * Ends the wait of a command that is done or given up, before its redelivery is deleted; whom it kept from a free
     * lock is due.
     *
     * @return how many are due at once
     */
    public int leave(long redeliveryId) {
        List<LockName> waitedFor = jdbc.query("""
                select l.resource_type, l.resource_id
                  from saga_semantic_lock_waiter w join saga_semantic_lock l using (resource_type, resource_id)
                 where w.redelivery_id = ?
                 order by l.resource_type collate "C", l.resource_id collate "C"
                   for update of l""", (row, number) -> LockTable.name(row), redeliveryId);
        if (waitedFor.isEmpty()) {
            return 0;
        }
        jdbc.update("delete from saga_semantic_lock_waiter where redelivery_id = ?", redeliveryId);
        return locks.serve(waitedFor);
    }

    /** Locks the rows of all locks that the commands wait for now or did until now. */
    private void lock(String participant, List<Entry> entries) {
        Arguments.Plain arguments = keysAndNames(new Arguments.Plain(), entries).value(participant);
        jdbc.update("""
                with entry as (
                  select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
                           e (saga_id, step, kind, resource_type, resource_id))
                insert into saga_semantic_lock (resource_type, resource_id, touched)
                select resource_type, resource_id, 0 from (
                  select resource_type, resource_id from entry
                  union
                  select w.resource_type, w.resource_id
                    from saga_inbox_redelivery r
                    join saga_semantic_lock_waiter w using (redelivery_id)
                   where r.participant = ? and (r.saga_id, r.step, r.kind) in (select saga_id, step, kind from entry)) n
                 order by resource_type collate "C", resource_id collate "C"
                on conflict (resource_type, resource_id) do update set touched = saga_semantic_lock.touched + 1""", arguments);
    }

    /** A command waits for one acquisition at a time: two that want the same locks one by one would block each other. */
    private List<LockName> leaveOthers(String participant, List<Entry> entries) {
        Arguments.Plain arguments = keysAndNames(new Arguments.Plain(), entries).value(participant);
        return jdbc.query("""
                with entry as (
                  select * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
                           e (saga_id, step, kind, resource_type, resource_id))
                delete from saga_semantic_lock_waiter w using saga_inbox_redelivery r
                 where r.participant = ? and (r.saga_id, r.step, r.kind) in (select saga_id, step, kind from entry)
                   and w.redelivery_id = r.redelivery_id
                   and not exists (select from entry e
                                    where e.saga_id = r.saga_id and e.step = r.step and e.kind = r.kind
                                      and e.resource_type = w.resource_type and e.resource_id = w.resource_id)
                returning w.resource_type, w.resource_id""", arguments, (row, number) -> LockTable.name(row)).stream()
                .distinct()
                .toList();
    }

    private void enter(String participant, List<Entry> entries) {
        Arguments.Plain arguments = keysAndNames(new Arguments.Plain(), entries)
                .array("bool", entries, entry -> entry.command().awaited().inOrder())
                .array(
                        "int8",
                        entries,
                        entry -> entry.command().awaited().limit().toMillis())
                .value(participant);
        jdbc.update("""
                insert into saga_semantic_lock_waiter
                       (resource_type, resource_id, redelivery_id, saga_id, in_order, waiting_since, deadline_at)
                select e.resource_type, e.resource_id, r.redelivery_id, r.saga_id, e.in_order,
                       statement_timestamp(), statement_timestamp() + e.millis * interval '1 millisecond'
                  from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::bigint[])
                       with ordinality e (saga_id, step, kind, resource_type, resource_id, in_order, millis, ordinal)
                  join saga_inbox_redelivery r using (saga_id, step, kind)
                 where r.participant = ?
                 order by e.ordinal
                on conflict do nothing""", arguments);
    }

    /** Under the locks' rows, so that whoever releases one later finds the command in its place. */
    private int look(String participant, List<Waiting> commands) {
        Arguments.Plain arguments = new Arguments.Plain()
                .array("uuid", commands, Waiting::sagaId)
                .array("text", commands, Waiting::step)
                .array("text", commands, command -> command.kind().wireName())
                .value(participant);
        Integer due = jdbc.query("""
                with command as (
                  select r.redelivery_id, r.saga_id
                    from unnest(?::uuid[], ?::text[], ?::text[]) c (saga_id, step, kind)
                    join saga_inbox_redelivery r using (saga_id, step, kind)
                   where r.participant = ?
                     for no key update of r skip locked),
                looked as (
                  select c.redelivery_id, min(w.deadline_at) as deadline_at,
                         bool_and(coalesce(l.owner_saga = c.saga_id, not exists (
                           select from saga_semantic_lock_waiter other
                            where other.resource_type = w.resource_type and other.resource_id = w.resource_id
                              and other.in_order and other.saga_id <> c.saga_id and other.position < w.position))) as free
                    from command c
                    join saga_semantic_lock_waiter w using (redelivery_id)
                    join saga_semantic_lock l using (resource_type, resource_id)
                   group by c.redelivery_id),
                moved as (
                  update saga_inbox_redelivery r
                     set next_attempt_at = case when k.free then clock_timestamp() else k.deadline_at end
                    from looked k where r.redelivery_id = k.redelivery_id
                  returning k.free)
                select count(*) filter (where free) as due from moved""", arguments, rows -> rows.next() ? rows.getInt("due") : 0);
        return due == null ? 0 : due;
    }

    private static Arguments.Plain keysAndNames(Arguments.Plain arguments, List<Entry> entries) {
        return arguments
                .array("uuid", entries, entry -> entry.command().sagaId())
                .array("text", entries, entry -> entry.command().step())
                .array("text", entries, entry -> entry.command().kind().wireName())
                .array("text", entries, entry -> entry.name().type())
                .array("text", entries, entry -> entry.name().id());
    }
}
