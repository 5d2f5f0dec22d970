package io.amends.outbox.inbox;

import io.amends.outbox.HeaderCodec;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Keys that are set aside, and their records. Who adds a record to a key holds a KEY SHARE lock on the key; who tries one
 * holds NO KEY UPDATE, which does not keep additions waiting; who takes the key away holds UPDATE, which does. All in the
 * running transaction. Safe for use by many threads.
 */
final class ParkedStore {

    private final JdbcOperations jdbc;
    private final String consumer;

    ParkedStore(JdbcOperations jdbc, String consumer) {
        this.jdbc = jdbc;
        this.consumer = consumer;
    }

    /** A key of a topic, by its hash. */
    record Key(String topic, ByteBuffer hash) {

        static Optional<Key> of(InboxRecord record) {
            byte[] key = record.key();
            return key == null
                    ? Optional.empty()
                    : Optional.of(new Key(record.topic(), ByteBuffer.wrap(MessageIds.hash(key))));
        }
    }

    /** A record that waits behind others of its key. */
    record Follower(long keyId, ReceivedMessage message) {}

    /** A record that is first of its key, with the attempts that failed so far. */
    record Head(long id, int attempts, ReceivedMessage message) {}

    /** Those of the messages' keys that are set aside, with their numbers. One statement for any number. */
    Map<Key, Long> setAside(List<ReceivedMessage> messages) {
        Set<Key> distinct = new LinkedHashSet<>();
        messages.forEach(message -> Key.of(message.record()).ifPresent(distinct::add));
        if (distinct.isEmpty()) {
            return Map.of();
        }
        List<Key> keys = List.copyOf(distinct);
        Map<Key, Long> found = new HashMap<>();
        jdbc.query(
                """
                select k.topic, k.key_hash, k.id
                  from saga_inbox_parked_key k
                  join unnest(?::text[], ?::bytea[]) p (topic, key_hash)
                    on k.topic = p.topic and k.key_hash = p.key_hash
                 where k.consumer = ?
                   for key share of k""",
                statement -> {
                    Connection connection = statement.getConnection();
                    statement.setArray(
                            1,
                            connection.createArrayOf(
                                    "text", keys.stream().map(Key::topic).toArray(String[]::new)));
                    statement.setArray(
                            2,
                            connection.createArrayOf(
                                    "bytea",
                                    keys.stream().map(key -> key.hash().array()).toArray(byte[][]::new)));
                    statement.setString(3, consumer);
                },
                row -> {
                    found.put(new Key(row.getString(1), ByteBuffer.wrap(row.getBytes(2))), row.getLong(3));
                });
        return found;
    }

    /** Adds records behind those of their keys, in order. One statement for any number. */
    void follow(List<Follower> followers) {
        if (followers.isEmpty()) {
            return;
        }
        jdbc.update("""
                insert into saga_inbox_parked (key_id, message_id, topic_id, partition, record_offset,
                                               record_timestamp, record_key, payload, headers)
                select p.key_id, p.message_id, p.topic_id, p.partition, p.record_offset,
                       p.record_timestamp, p.record_key, p.payload, p.headers
                  from unnest(?::bigint[], ?::uuid[], ?::uuid[], ?::int[], ?::bigint[],
                              ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[])
                       with ordinality p (key_id, message_id, topic_id, partition, record_offset,
                                          record_timestamp, record_key, payload, headers, ordinal)
                 order by p.ordinal""", statement -> bind(statement, followers));
    }

    /**
     * Those that do not wait behind their key already, as messages of the outbox do that are delivered again: their positions
     * do not rise with time, so that no offset tells what was taken.
     */
    List<Follower> withoutRepeats(List<Follower> followers) {
        if (followers.isEmpty()) {
            return followers;
        }
        Set<Long> present = new HashSet<>(jdbc.query(
                """
                select p.record_offset from saga_inbox_parked p
                 where p.key_id = any (?) and p.partition = ? and p.record_offset = any (?)""",
                statement -> {
                    Connection connection = statement.getConnection();
                    statement.setArray(
                            1,
                            connection.createArrayOf(
                                    "bigint",
                                    followers.stream()
                                            .map(Follower::keyId)
                                            .distinct()
                                            .toArray()));
                    statement.setInt(2, InboxRecord.OUTBOX);
                    statement.setArray(
                            3,
                            connection.createArrayOf(
                                    "bigint",
                                    followers.stream()
                                            .map(follower ->
                                                    follower.message().record().offset())
                                            .toArray()));
                },
                (row, number) -> row.getLong(1)));
        return followers.stream()
                .filter(follower ->
                        !present.contains(follower.message().record().offset()))
                .toList();
    }

    private static void bind(PreparedStatement statement, List<Follower> followers) throws SQLException {
        int size = followers.size();
        Long[] keyIds = new Long[size];
        @Nullable UUID[] messageIds = new UUID[size];
        UUID[] topicIds = new UUID[size];
        Integer[] partitions = new Integer[size];
        Long[] offsets = new Long[size];
        Long[] timestamps = new Long[size];
        byte[][] keys = new byte[size][];
        byte[][] payloads = new byte[size][];
        byte[][] headers = new byte[size][];
        for (int i = 0; i < size; i++) {
            ReceivedMessage message = followers.get(i).message();
            InboxRecord record = message.record();
            keyIds[i] = followers.get(i).keyId();
            messageIds[i] = message.identified() ? message.id() : null;
            topicIds[i] = message.topicId();
            partitions[i] = record.partition();
            offsets[i] = record.offset();
            timestamps[i] = record.timestamp();
            keys[i] = record.key();
            payloads[i] = record.value();
            headers[i] = HeaderCodec.encode(record.headers());
        }
        Connection connection = statement.getConnection();
        statement.setArray(1, connection.createArrayOf("bigint", keyIds));
        statement.setArray(2, connection.createArrayOf("uuid", messageIds));
        statement.setArray(3, connection.createArrayOf("uuid", topicIds));
        statement.setArray(4, connection.createArrayOf("int", partitions));
        statement.setArray(5, connection.createArrayOf("bigint", offsets));
        statement.setArray(6, connection.createArrayOf("bigint", timestamps));
        statement.setArray(7, connection.createArrayOf("bytea", keys));
        statement.setArray(8, connection.createArrayOf("bytea", payloads));
        statement.setArray(9, connection.createArrayOf("bytea", headers));
    }

    /**
     * Sets a message's key aside after the first attempt at the message failed.
     *
     * @param waitMillis the pause before the next attempt, null if there is to be none
     */
    void park(ReceivedMessage message, String reason, @Nullable Long waitMillis) {
        byte[] hash = Key.of(message.record()).map(key -> key.hash().array()).orElse(null);
        Long keyId =
                jdbc.queryForObject("""
                insert into saga_inbox_parked_key (consumer, topic, key_hash, next_attempt_at)
                values (?, ?, ?, clock_timestamp() + ?::bigint * interval '1 millisecond')
                on conflict (consumer, topic, key_hash) do update set topic = excluded.topic
                returning id""", Long.class, consumer, message.record().topic(), hash, waitMillis);
        InboxRecord record = message.record();
        jdbc.update(
                """
                insert into saga_inbox_parked (key_id, message_id, topic_id, partition, record_offset, record_timestamp,
                                               record_key, payload, headers, attempts, reason)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)""",
                keyId,
                message.identified() ? message.id() : null,
                message.topicId(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                HeaderCodec.encode(record.headers()),
                reason);
    }

    /** Keys that may be tried now, the longest due first. */
    List<Long> due(int most) {
        return jdbc.queryForList("""
                select id from saga_inbox_parked_key
                 where consumer = ? and next_attempt_at <= clock_timestamp()
                 order by next_attempt_at
                 limit ?""", Long.class, consumer, most);
    }

    /** Locks a key for an attempt; false if it is not due or somebody else is at it. */
    boolean lockDue(long keyId) {
        return !jdbc.queryForList("""
                        select id from saga_inbox_parked_key
                         where id = ? and next_attempt_at <= clock_timestamp()
                           for no key update skip locked""", Long.class, keyId).isEmpty();
    }

    /** The first record of a key. */
    Optional<Head> head(long keyId) {
        return jdbc.query("""
                        select p.id, p.attempts, k.topic, p.message_id, p.topic_id, p.partition, p.record_offset,
                               p.record_timestamp, p.record_key, p.payload, p.headers
                          from saga_inbox_parked p join saga_inbox_parked_key k on k.id = p.key_id
                         where p.key_id = ?
                         order by p.id
                         limit 1""", (row, number) -> head(row), keyId).stream().findFirst();
    }

    private static Head head(ResultSet row) throws SQLException {
        InboxRecord record = new KeptRecord(
                row.getString("topic"),
                row.getInt("partition"),
                row.getLong("record_offset"),
                row.getLong("record_timestamp"),
                row.getBytes("record_key"),
                row.getBytes("payload"),
                HeaderCodec.decode(row.getBytes("headers")));
        UUID topicId = Objects.requireNonNull(row.getObject("topic_id", UUID.class));
        UUID id = row.getObject("message_id", UUID.class);
        ReceivedMessage message =
                id == null ? MessageIds.withoutId(record, topicId) : new ReceivedMessage(id, true, topicId, record);
        return new Head(row.getLong("id"), row.getInt("attempts"), message);
    }

    /** Takes a record away that was handled. */
    void delete(long id) {
        jdbc.update("delete from saga_inbox_parked where id = ?", id);
    }

    /** Notes that an attempt failed; no pause means that there is to be no other. */
    void postpone(long keyId, long id, String reason, @Nullable Long waitMillis) {
        jdbc.update("update saga_inbox_parked set attempts = attempts + 1, reason = ? where id = ?", reason, id);
        jdbc.update("""
                update saga_inbox_parked_key
                   set next_attempt_at = clock_timestamp() + ?::bigint * interval '1 millisecond'
                 where id = ?""", waitMillis, keyId);
    }

    /** Takes a key away that has no records left, unless somebody is about to add one; then the next look does it. */
    void release(long keyId) {
        List<Long> locked = jdbc.queryForList(
                "select id from saga_inbox_parked_key where id = ? for update skip locked", Long.class, keyId);
        if (!locked.isEmpty()) {
            // A statement of its own: only what begins after the lock sees all that was added before it.
            jdbc.update("""
                    delete from saga_inbox_parked_key k
                     where k.id = ? and not exists (select 1 from saga_inbox_parked p where p.key_id = k.id)""", keyId);
        }
    }

    /** Splits messages into those whose key is set aside and the others, both in order. */
    static List<Follower> followers(
            List<ReceivedMessage> messages, Map<Key, Long> aside, List<ReceivedMessage> others) {
        List<Follower> followers = new ArrayList<>();
        for (ReceivedMessage message : messages) {
            Long keyId = aside.isEmpty()
                    ? null
                    : Key.of(message.record()).map(aside::get).orElse(null);
            if (keyId == null) {
                others.add(message);
            } else {
                followers.add(new Follower(keyId, message));
            }
        }
        return followers;
    }
}
