package io.amends.outbox.inbox;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What consumers have set aside, and what an operator may do about it. Each verb is recorded in {@code saga_inbox_audit}, in
 * its own transaction or the caller's. Safe for use by many threads.
 */
public final class ParkedMessages {

    private static final String HEADS = """
            select p.id, k.consumer, k.topic, p.partition, p.record_offset, p.message_id, p.record_key,
                   coalesce(p.reason, '') as reason, p.attempts, p.parked_at, k.next_attempt_at,
                   (select count(*) - 1
                      from (select from saga_inbox_parked f where f.key_id = k.id limit 10001) f) as waiting
              from saga_inbox_parked_key k
             cross join lateral (select * from saga_inbox_parked f where f.key_id = k.id order by f.id limit 1) p
            """;

    private static final RowMapper<ParkedMessage> MAPPER = (row, number) -> {
        OffsetDateTime next = row.getObject("next_attempt_at", OffsetDateTime.class);
        return new ParkedMessage(
                row.getLong("id"),
                row.getString("consumer"),
                row.getString("topic"),
                row.getInt("partition"),
                row.getLong("record_offset"),
                row.getObject("message_id", UUID.class),
                row.getBytes("record_key"),
                row.getString("reason"),
                row.getInt("attempts"),
                Objects.requireNonNull(row.getObject("parked_at", OffsetDateTime.class))
                        .toInstant(),
                next == null ? null : next.toInstant(),
                row.getLong("waiting"));
    };

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;

    /** On that database. */
    public ParkedMessages(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What is set aside, the oldest first: for each key the message that the others wait for. Those without a next attempt
     * are parked.
     *
     * @param most the most to return
     */
    public List<ParkedMessage> all(int most) {
        return jdbc.query(HEADS + " order by p.parked_at, p.id limit ?", MAPPER, most);
    }

    /** The same, of one consumer. */
    public List<ParkedMessage> of(String consumer, int most) {
        return jdbc.query(HEADS + " where k.consumer = ? order by p.parked_at, p.id limit ?", MAPPER, consumer, most);
    }

    /** One of them, by its number. */
    public Optional<ParkedMessage> find(long id) {
        return jdbc.query(HEADS + " where p.id = ?", MAPPER, id).stream().findFirst();
    }

    /**
     * Lets a message be tried again soon, with all attempts before it; then those behind it, in order.
     *
     * @param actor who wants it
     * @param why for the record
     * @throws IllegalArgumentException if no such message is first of its key
     * @throws IllegalStateException while it is being tried
     */
    public void retry(long id, String actor, String why) {
        verb("retry", id, actor, why, false);
    }

    /**
     * Drops a message; those behind it are handled soon, in order.
     *
     * @param actor who wants it
     * @param why for the record
     * @throws IllegalArgumentException if no such message is first of its key
     * @throws IllegalStateException while it is being tried
     */
    public void discard(long id, String actor, String why) {
        verb("discard", id, actor, why, true);
    }

    private void verb(String verb, long id, String actor, String why, boolean drop) {
        if (actor.isBlank() || why.isBlank()) {
            throw new IllegalArgumentException(
                    "Say who wants to %s message %d, and why: it is recorded.".formatted(verb, id));
        }
        transaction.executeWithoutResult(status -> {
            List<Long> keys = jdbc.queryForList("""
                    select k.id from saga_inbox_parked_key k
                     where k.id = (select p.key_id from saga_inbox_parked p where p.id = ?)
                       for no key update skip locked""", Long.class, id);
            ParkedMessage message = find(id).orElse(null);
            if (keys.isEmpty() && message != null) {
                throw new IllegalStateException(
                        "Message %d is being tried at this moment. Look at it again when the attempt is over."
                                .formatted(id));
            }
            if (message == null) {
                throw new IllegalArgumentException(
                        "Message %d is not set aside, or not the first of its key: only the first can be tried or dropped, since the others wait for it. ParkedMessages.all lists the first ones."
                                .formatted(id));
            }
            jdbc.update(
                    """
                    insert into saga_inbox_audit
                           (verb, actor, why, consumer, topic, partition, record_offset, message_id, reason)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                    verb,
                    actor,
                    why,
                    message.consumer(),
                    message.topic(),
                    message.partition(),
                    message.offset(),
                    message.messageId(),
                    message.reason());
            if (drop) {
                // Of what comes from the outbox of the same database no offset says that it was taken.
                jdbc.update("""
                        insert into saga_inbox (consumer, message_id)
                        select ?, p.message_id from saga_inbox_parked p
                         where p.id = ? and p.partition = ? and p.message_id is not null
                        on conflict do nothing""", message.consumer(), id, InboxRecord.OUTBOX);
                jdbc.update("delete from saga_inbox_parked where id = ?", id);
            } else {
                jdbc.update("update saga_inbox_parked set attempts = 0 where id = ?", id);
            }
            jdbc.update(
                    "update saga_inbox_parked_key set next_attempt_at = clock_timestamp() where id = ?", keys.get(0));
        });
    }
}
