package io.amends.outbox.operations;

import io.amends.outbox.HeaderCodec;
import io.amends.outbox.MessageRefusedException;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.operations.VerbResult.Outcome;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What an operator may do about a record that Kafka refused: try it again, change it, or drop it. Each call is one
 * transaction, its own or the caller's, and leaves a line in {@code saga_outbox_audit}. The key's order stays: the relay
 * publishes the key's parked records by position, and what is appended meanwhile after them. Safe for use by many threads.
 *
 * <p>Only the refused record that a key waits for can be meant. An order about another changes nothing, and its result says
 * why. It takes an isolation of READ COMMITTED.
 */
public final class OutboxOperations {

    /** Holds off other orders about the key, and its release. What is read is read afterwards, under the lock. */
    private static final String LOCK = """
            select p.position
              from saga_parked_key k
              join saga_parked p
                on p.aggregatetype = k.aggregatetype and p.aggregateid = k.aggregateid and p.position = k.blocked_by
             where %s
             order by p.position
             limit ?
               for update of k""";

    private static final String CHOSEN = """
            with chosen as materialized (
              select p.* from saga_parked p
                join saga_parked_key k
                  on p.aggregatetype = k.aggregatetype and p.aggregateid = k.aggregateid and p.position = k.blocked_by
               where p.position = any (?::bigint[])),
            noted as (
              insert into saga_outbox_audit (verb, operator, why, position, message_id, aggregatetype, aggregateid, type,
                                             reason_code, refusal, payload, headers)
              select o.verb, o.operator, o.why, c.position, c.id, c.aggregatetype, c.aggregateid, c.type,
                     c.reason_code, c.reason,
                     case when o.verb <> 'unpark' then c.payload end, case when o.verb <> 'unpark' then c.headers end
                from chosen c, (values (?, ?, ?)) o (verb, operator, why)),
            released as (
              update saga_parked_key k set blocked_by = null
                from chosen c where k.aggregatetype = c.aggregatetype and k.aggregateid = c.aggregateid)
            """;

    private static final String UNPARK = CHOSEN + "select count(*) from chosen";

    private static final String DISCARD = CHOSEN + """
            , gone as (delete from saga_parked p using chosen c where p.position = c.position)
            select count(*) from chosen""";

    private static final String EDIT = CHOSEN + """
            , edited as (
              update saga_parked p
                 set aggregatetype = ?, type = ?, payload = ?, headers = ?, reason_code = null, reason = null
                from chosen c where p.position = c.position)
            select count(*) from chosen""";

    /**
     * A new key only. One that is there may be about to be removed by its lane's worker, which would not see what was
     * added to it.
     */
    private static final String TARGET = """
            insert into saga_parked_key (aggregatetype, aggregateid, bucket)
            select ?, aggregateid, bucket from saga_parked where position = ?
            on conflict do nothing""";

    private static final String LOOK = """
            select k.blocked_by from saga_parked p
              left join saga_parked_key k using (aggregatetype, aggregateid)
             where p.position = ?""";

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final OutboxLimits limits;
    private final Runnable wake;

    /**
     * @param limits what an edited record must keep
     * @param wake told after a key was released, so that this process's relay need not be waited for; the relays notice it
     *     within a second anyway
     */
    public OutboxOperations(
            JdbcOperations jdbc, PlatformTransactionManager transactions, OutboxLimits limits, Runnable wake) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.limits = limits;
        this.wake = wake;
    }

    /** Lets the record be tried again as it is; then those behind it, in order. */
    public VerbResult unpark(long position, Order order) {
        return one(position, () -> apply(UNPARK, "unpark", List.of(position), order));
    }

    /** Drops the record for good, keeping it in the audit; those behind it are published, in order. */
    public VerbResult discard(long position, Order order) {
        return one(position, () -> apply(DISCARD, "discard", List.of(position), order));
    }

    /**
     * Replaces parts of the record and lets it be tried again in its place; then those behind it, in order.
     *
     * <p>With another topic it leaves its key's order, which is that of a topic: what waits behind it goes on in the old
     * topic, and it comes behind what the new topic has of the key already.
     */
    public VerbResult edit(long position, OutboxEdit edit, Order order) {
        return one(position, () -> edited(position, edit, order));
    }

    /**
     * Lets all such records be tried again.
     *
     * @param most the most to release in this transaction; call again while as many were
     * @return how many were
     */
    public int unparkAll(ParkedFilter filter, int most, Order order) {
        return all(UNPARK, "unpark", filter, most, order);
    }

    /**
     * Drops all such records, each kept in the audit.
     *
     * @param most the most to drop in this transaction; call again while as many were
     * @return how many were
     * @throws IllegalArgumentException if the filter means everything
     */
    public int discardAll(ParkedFilter filter, int most, Order order) {
        if (filter.equals(ParkedFilter.ALL)) {
            throw new IllegalArgumentException(
                    "To discard everything that was refused, say of which topic, key or reason: it can't be undone.");
        }
        return all(DISCARD, "discard", filter, most, order);
    }

    private interface Verb {
        /** Null if it was done. */
        @Nullable
        VerbResult apply();
    }

    private VerbResult one(long position, Verb verb) {
        VerbResult result = transaction.execute(status -> {
            if (lock("p.position = ?", position, 1).isEmpty()) {
                return whyNot(position);
            }
            VerbResult refused = verb.apply();
            if (refused != null) {
                return refused;
            }
            return new VerbResult(
                    Outcome.DONE,
                    "Done for position %d; its key's records are published in order.".formatted(position));
        });
        if (result.outcome() == Outcome.DONE) {
            wake.run();
        }
        return result;
    }

    private int all(String sql, String verb, ParkedFilter filter, int most, Order order) {
        if (most < 1) {
            throw new IllegalArgumentException("At most %d records can't be meant; ask for 1 or more.".formatted(most));
        }
        List<Object> parameters = new ArrayList<>(Arrays.asList(filter.parameters()));
        parameters.add(most);
        Integer done = transaction.execute(status -> {
            List<Long> positions = lock(ParkedFilter.SQL, parameters.toArray());
            if (!positions.isEmpty()) {
                apply(sql, verb, positions, order);
            }
            return positions.size();
        });
        if (done > 0) {
            wake.run();
        }
        return done;
    }

    private List<Long> lock(String condition, Object... parameters) {
        return jdbc.queryForList(LOCK.formatted(condition), Long.class, parameters);
    }

    private @Nullable VerbResult apply(
            String sql, String verb, List<Long> positions, Order order, @Nullable Object... more) {
        jdbc.query(
                connection -> {
                    PreparedStatement statement = connection.prepareStatement(sql);
                    statement.setArray(1, connection.createArrayOf("bigint", positions.toArray()));
                    statement.setString(2, verb);
                    statement.setString(3, order.operator());
                    statement.setString(4, order.why());
                    for (int i = 0; i < more.length; i++) {
                        statement.setObject(5 + i, more[i]);
                    }
                    return statement;
                },
                (row, number) -> row.getLong(1));
        return null;
    }

    private @Nullable VerbResult edited(long position, OutboxEdit edit, Order order) {
        Before before = jdbc.query(
                        "select id, aggregatetype, aggregateid, type, payload, headers from saga_parked where position = ?",
                        (row, number) -> new Before(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getBytes(5),
                                row.getBytes(6)),
                        position)
                .get(0);
        OutboxMessage after;
        try {
            after = edit.applied(
                    before.id(),
                    before.topic(),
                    before.key(),
                    before.type(),
                    before.payload(),
                    () -> HeaderCodec.decode(before.headers()));
            limits.check(after);
        } catch (MessageRefusedException unsendable) {
            return new VerbResult(Outcome.UNSENDABLE, String.valueOf(unsendable.getMessage()));
        } catch (IllegalArgumentException damaged) {
            return new VerbResult(Outcome.UNSENDABLE, "%s Replace the headers too.".formatted(damaged.getMessage()));
        }
        if (!after.topic().equals(before.topic()) && jdbc.update(TARGET, after.topic(), position) == 0) {
            return new VerbResult(
                    Outcome.TARGET_PARKED,
                    "Topic %s has parked records of this key itself. Decide about those first, and edit position %d once they are published."
                            .formatted(after.topic(), position));
        }
        return apply(
                EDIT,
                "edit",
                List.of(position),
                order,
                after.topic(),
                after.type(),
                after.payload(),
                HeaderCodec.encode(after.headers()));
    }

    private record Before(UUID id, String topic, String key, String type, byte[] payload, byte[] headers) {}

    private VerbResult whyNot(long position) {
        List<@Nullable Long> found = jdbc.query(LOOK, (row, number) -> row.getObject(1, Long.class), position);
        if (found.isEmpty()) {
            return new VerbResult(
                    Outcome.NOT_FOUND,
                    "Position %d is not parked: it was published or discarded, or never refused.".formatted(position));
        }
        Long blockedBy = found.get(0);
        if (blockedBy == null) {
            return new VerbResult(
                    Outcome.RELEASED,
                    "The key of position %d was released already; the relay publishes it. If it is refused again, it can be decided about again."
                            .formatted(position));
        }
        return new VerbResult(
                Outcome.WAITS_BEHIND,
                "Position %d waits behind position %d of its key. Decide about that one."
                        .formatted(position, blockedBy));
    }
}
