package io.amends.runtime;

import io.amends.outbox.HeaderCodec;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;

/** A message as it stands in the outbox. */
public record Sent(UUID id, String topic, String key, String type, byte[] payload, Map<String, byte[]> headers) {

    static Sent of(ResultSet row) throws SQLException {
        return new Sent(
                row.getObject("id", UUID.class),
                row.getString("aggregatetype"),
                row.getString("aggregateid"),
                row.getString("type"),
                row.getBytes("payload"),
                HeaderCodec.decode(row.getBytes("headers")));
    }

    static Sent of(OutboxMessage message) {
        return new Sent(
                message.id(), message.topic(), message.key(), message.type(), message.payload(), message.headers());
    }

    public UUID sagaId() {
        return UUID.fromString(key);
    }

    public String header(String name) {
        byte[] value = headers.get(name);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    public String step() {
        return header(WireHeaders.SAGA_STEP);
    }

    public String outcome() {
        return header(WireHeaders.SAGA_OUTCOME);
    }

    public String json() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** As a consumer gets it, at that offset. */
    public InboundRecord at(long offset) {
        return new InboundRecord(topic, 0, offset, key.getBytes(StandardCharsets.UTF_8), payload, headers);
    }
}
