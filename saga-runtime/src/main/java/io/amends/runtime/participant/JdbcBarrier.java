package io.amends.runtime.participant;

import io.amends.runtime.sql.Arguments;
import io.amends.runtime.store.Barrier;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcOperations;

/** The table {@code saga_inbox_command}. Safe for use by many threads. */
final class JdbcBarrier implements Barrier {

    /** The round after which there is none. */
    private static final int SEALED = Integer.MAX_VALUE;

    private final JdbcOperations jdbc;
    private final String participant;

    JdbcBarrier(JdbcOperations jdbc, String participant) {
        this.jdbc = jdbc;
        this.participant = participant;
    }

    @Override
    public Set<Made> claim(List<Claim> claims) {
        return claim(claims, Duration.ZERO);
    }

    /** The limit is set by the same statement, before it makes the first row. */
    @Override
    public Set<Made> claim(List<Claim> claims, Duration lockTimeout) {
        // In key order, so that two polls never wait for each other crosswise; the sort is stable, so that of two
        // claims
        // for one key the first in the poll wins.
        List<Claim> sorted = claims.stream()
                .sorted(Comparator.comparing(Claim::key, Key.ORDER))
                .toList();
        Arguments.Plain arguments = new Arguments.Plain()
                .value(participant)
                .array("uuid", sorted, claim -> claim.key().sagaId())
                .array("text", sorted, claim -> claim.key().step())
                .array("text", sorted, claim -> claim.key().kind().wireName())
                .array("uuid", sorted, Claim::messageId)
                .array("text", sorted, claim -> {
                    Outcome outcome = claim.outcome();
                    return outcome == null ? null : outcome.name();
                })
                .array("text", sorted, Claim::replyType)
                .array("int", sorted, claim -> claim.round() == 0 ? null : claim.round())
                .value(lockTimeout.toMillis() + "ms");
        Set<Made> made = new HashSet<>();
        jdbc.query("""
                insert into saga_inbox_command (participant, saga_id, step, kind, message_id, outcome, reply_type, reply, round)
                select ?, c.saga_id, c.step, c.kind, c.message_id, c.outcome, c.reply_type,
                       case when c.outcome is null then null else ''::bytea end, c.round
                  from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::int[]) with ordinality
                       c (saga_id, step, kind, message_id, outcome, reply_type, round, ordinal)
                 cross join (select case when current_setting('lock_timeout') = '0'
                                         then set_config('lock_timeout', ?, true) end) as patience
                 order by c.ordinal
                on conflict do nothing
                returning saga_id, step, kind, message_id""", arguments, row -> {
            made.add(made(row));
        });
        return made;
    }

    private static Made made(ResultSet row) throws SQLException {
        Key key = new Key(
                row.getObject("saga_id", UUID.class),
                row.getString("step"),
                CommandKind.ofWireName(row.getString("kind")).orElseThrow());
        return new Made(key, row.getObject("message_id", UUID.class));
    }

    @Override
    public Set<Made> renew(List<Claim> claims) {
        Set<Made> renewed = new HashSet<>();
        if (claims.isEmpty()) {
            return renewed;
        }
        Arguments.Plain arguments = new Arguments.Plain()
                .array("uuid", claims, claim -> claim.key().sagaId())
                .array("text", claims, claim -> claim.key().step())
                .array("text", claims, claim -> claim.key().kind().wireName())
                .array("uuid", claims, Claim::messageId)
                .array("int", claims, Claim::round)
                .value(participant)
                .value(participant);
        jdbc.query(
                """
                with refused as (
                  select i.saga_id, i.step, i.kind, c.message_id, c.round
                    from saga_inbox_command i
                    join unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::int[])
                         c (saga_id, step, kind, message_id, round) using (saga_id, step, kind)
                   where i.participant = ? and i.outcome = 'REJECTION' and i.reply_type not like 'amends.%'
                     and coalesce(i.round, 0) < c.round
                   order by i.saga_id, i.step, i.kind
                     for update of i)
                update saga_inbox_command i
                   set outcome = null, reply_type = null, reply = null, message_id = r.message_id, round = r.round
                  from refused r
                 where i.participant = ? and i.saga_id = r.saga_id and i.step = r.step and i.kind = r.kind
                returning i.saga_id, i.step, i.kind, i.message_id""",
                arguments, row -> {
                    renewed.add(made(row));
                });
        return renewed;
    }

    @Override
    public void seal(Set<Key> actions) {
        if (actions.isEmpty()) {
            return;
        }
        List<Key> keys = List.copyOf(actions);
        int sealed = jdbc.update(
                """
                with refused as (
                  select participant, saga_id, step, kind from saga_inbox_command
                   where participant = ? and outcome = 'REJECTION'
                     and (saga_id, step, kind) in (select * from unnest(?::uuid[], ?::text[], ?::text[]))
                   order by saga_id, step, kind
                     for update)
                update saga_inbox_command i
                   set round = ?
                  from refused r
                 where i.participant = r.participant and i.saga_id = r.saga_id and i.step = r.step and i.kind = r.kind""",
                new Arguments.Plain()
                        .value(participant)
                        .array("uuid", keys, Key::sagaId)
                        .array("text", keys, Key::step)
                        .array("text", keys, key -> key.kind().wireName())
                        .value(SEALED));
        if (sealed != keys.size()) {
            throw new ConcurrencyFailureException(
                    "%d of %d rejected actions were asked anew while their compensation ran."
                            .formatted(keys.size() - sealed, keys.size()));
        }
    }

    @Override
    public Loaded load(List<Key> keys) {
        Loaded found = new Loaded(new HashMap<>(), new HashSet<>());
        if (keys.isEmpty()) {
            return found;
        }
        Arguments.Plain arguments = new Arguments.Plain()
                .value(participant)
                .array("uuid", keys, Key::sagaId)
                .array("text", keys, Key::step)
                .array("text", keys, key -> key.kind().wireName());
        jdbc.query("""
                select i.saga_id, i.step, i.kind, i.outcome, i.reply_type, i.reply
                  from saga_inbox_command i
                 where i.participant = ?
                   and (i.saga_id, i.step, i.kind) in (select * from unnest(?::uuid[], ?::text[], ?::text[]))""", arguments, row -> {
            Key key = new Key(
                    row.getObject("saga_id", UUID.class),
                    row.getString("step"),
                    CommandKind.ofWireName(row.getString("kind")).orElseThrow());
            String outcome = row.getString("outcome");
            if (outcome == null) {
                found.open().add(key);
            } else {
                found.replies()
                        .put(
                                key,
                                new StoredReply(
                                        Outcome.valueOf(outcome), row.getString("reply_type"), row.getBytes("reply")));
            }
        });
        return found;
    }

    @Override
    public void withdraw(List<Key> keys) {
        Arguments.Plain arguments = new Arguments.Plain()
                .value(participant)
                .array("uuid", keys, Key::sagaId)
                .array("text", keys, Key::step)
                .array("text", keys, key -> key.kind().wireName());
        jdbc.update("""
                delete from saga_inbox_command
                 where participant = ?
                   and (saga_id, step, kind) in (select * from unnest(?::uuid[], ?::text[], ?::text[]))""", arguments);
    }

    @Override
    public void close(Set<Key> actions, StoredReply reply) {
        if (actions.isEmpty()) {
            return;
        }
        List<Key> keys = List.copyOf(actions);
        // Locked in the order of the keys, as everywhere, so that nobody waits crosswise.
        int closed = jdbc.update(
                """
                with open as (
                  select participant, saga_id, step, kind from saga_inbox_command
                   where participant = ? and outcome is null
                     and (saga_id, step, kind) in (select * from unnest(?::uuid[], ?::text[], ?::text[]))
                   order by saga_id, step, kind
                     for update)
                update saga_inbox_command i
                   set outcome = ?, reply_type = ?, reply = ?
                  from open o
                 where i.participant = o.participant and i.saga_id = o.saga_id and i.step = o.step and i.kind = o.kind""",
                new Arguments.Plain()
                        .value(participant)
                        .array("uuid", keys, Key::sagaId)
                        .array("text", keys, Key::step)
                        .array("text", keys, key -> key.kind().wireName())
                        .value(reply.outcome().name())
                        .value(reply.type())
                        .value(reply.payload()));
        if (closed != keys.size()) {
            throw new ConcurrencyFailureException(
                    "%d of %d deferred actions were answered while their compensation ran."
                            .formatted(keys.size() - closed, keys.size()));
        }
    }

    @Override
    public void storeReplies(Map<Key, StoredReply> replies) {
        if (replies.isEmpty()) {
            return;
        }
        List<Map.Entry<Key, StoredReply>> rows = List.copyOf(replies.entrySet());
        Arguments.Plain arguments = new Arguments.Plain()
                .array("uuid", rows, row -> row.getKey().sagaId())
                .array("text", rows, row -> row.getKey().step())
                .array("text", rows, row -> row.getKey().kind().wireName())
                .array("text", rows, row -> row.getValue().outcome().name())
                .array("text", rows, row -> row.getValue().type())
                .array("bytea", rows, row -> row.getValue().payload())
                .value(participant);
        jdbc.update("""
                update saga_inbox_command i
                   set outcome = r.outcome, reply_type = r.reply_type, reply = r.reply
                  from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                       r (saga_id, step, kind, outcome, reply_type, reply)
                 where i.participant = ? and i.saga_id = r.saga_id and i.step = r.step and i.kind = r.kind""", arguments);
    }
}
