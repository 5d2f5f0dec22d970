package io.amends.outbox.inbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A record as Kafka's client gave it. */
public final class KafkaRecord implements InboxRecord {

    private final ConsumerRecord<byte[], byte[]> record;

    KafkaRecord(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    /** The record for Kafka's client: its own, or one that is made of what was kept. */
    public static ConsumerRecord<byte[], byte[]> of(InboxRecord record) {
        if (record instanceof KafkaRecord kafka) {
            return kafka.record;
        }
        byte[] key = record.key();
        byte[] value = record.value();
        RecordHeaders headers = new RecordHeaders();
        record.headers().forEach(headers::add);
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    @Override
    public String topic() {
        return record.topic();
    }

    @Override
    public int partition() {
        return record.partition();
    }

    @Override
    public long offset() {
        return record.offset();
    }

    @Override
    public long timestamp() {
        return record.timestamp();
    }

    @Override
    public byte @Nullable [] key() {
        return record.key();
    }

    @Override
    public byte @Nullable [] value() {
        return record.value();
    }

    @Override
    public Map<String, byte[]> headers() {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), header.value());
            }
        }
        return headers;
    }

    @Override
    public byte @Nullable [] header(String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }
}
