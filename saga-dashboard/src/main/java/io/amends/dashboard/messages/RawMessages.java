package io.amends.dashboard.messages;

import io.amends.dashboard.database.BoundedReads;
import io.amends.outbox.HeaderCodec;
import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads single messages that lie around, with what they hold. Safe for use by many threads. */
public final class RawMessages {

    private final BoundedReads reads;

    /** Of that database. */
    public RawMessages(BoundedReads reads) {
        this.reads = reads;
    }

    /** One that was set aside, by its place in Kafka. */
    public Optional<RawMessage> setAside(String topic, int partition, long offset) {
        return one(
                "select null as type, headers, payload from saga_inbox_quarantine"
                        + " where topic = ? and partition_no = ? and offset_no = ?",
                topic,
                partition,
                offset);
    }

    /** One that a consumer parked, by its number. */
    public Optional<RawMessage> parked(long id) {
        return one("select null as type, headers, payload from saga_inbox_parked where id = ?", id);
    }

    /** One of the outbox that Kafka refused, or that waits behind such a one, by its position. */
    public Optional<RawMessage> refused(long position) {
        return one("select type, headers, payload from saga_parked where position = ?", position);
    }

    /** One of that saga that waits to be delivered again, or for a process with the saga's version, by its place in Kafka. */
    public Optional<RawMessage> waiting(UUID sagaId, String topic, int partition, long offset) {
        return one("""
                select null as type, headers, payload from saga_waiting_reply
                 where saga_id = ? and topic = ? and partition_no = ? and offset_no = ?
                union all
                select null, headers, payload from saga_inbox_redelivery
                 where saga_id = ? and topic = ? and partition_no = ? and offset_no = ?
                limit 1""", sagaId, topic, partition, offset, sagaId, topic, partition, offset);
    }

    private Optional<RawMessage> one(String sql, Object... arguments) {
        return reads.read(jdbc -> jdbc.query(sql, (row, number) -> message(row), arguments)).stream()
                .findFirst();
    }

    private static RawMessage message(ResultSet row) throws SQLException {
        Map<String, byte[]> headers = headers(Objects.requireNonNull(row.getBytes("headers")));
        String type = row.getString("type");
        return new RawMessage(
                type == null ? text(headers.get(WireHeaders.TYPE)) : type, headers, row.getBytes("payload"));
    }

    private static Map<String, byte[]> headers(byte[] stored) {
        try {
            return HeaderCodec.decode(stored);
        } catch (IllegalArgumentException damaged) {
            return Map.of();
        }
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
