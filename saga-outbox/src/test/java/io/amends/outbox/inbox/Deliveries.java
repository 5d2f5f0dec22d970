package io.amends.outbox.inbox;

import io.amends.outbox.StatementSpy;
import io.amends.outbox.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A consumer on a real database, whose handler notes each message in the table {@code effect}; records as Kafka gives them. */
final class Deliveries {

    static final String TOPIC = "orders";

    /** A message that throws is parked at once. */
    static final RetrySettings ONCE = new RetrySettings(1, Duration.ZERO, Duration.ZERO);

    /** One for all tests, emptied before each: to make one takes longer than most of the tests. */
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    final TestDatabase database = DATABASE;
    final StatementSpy spy = new StatementSpy(database.dataSource());
    final Map<String, UUID> topicIds = new HashMap<>(Map.of(TOPIC, UUID.randomUUID()));
    /** What the handler does besides. */
    volatile MessageHandler besides = message -> {};

    private final JdbcTemplate jdbc = new JdbcTemplate(spy.dataSource());
    private long offset;

    Deliveries() {
        jdbc.execute("""
                create table if not exists effect (
                  position bigint generated always as identity, text text, message_id uuid)""");
        jdbc.execute("""
                truncate effect, saga_inbox, saga_inbox_partition, saga_inbox_parked, saga_inbox_parked_key,
                         saga_inbox_audit""");
    }

    /** Another process of the same consumer. */
    IdempotentConsumer consumer(RetrySettings settings) {
        return new IdempotentConsumer(
                "billing",
                "ce_id",
                this::handle,
                settings,
                new IdempotentConsumer.Dependencies(
                        jdbc,
                        new JdbcTransactionManager(spy.dataSource()),
                        topics -> topics.stream().collect(Collectors.toMap(topic -> topic, topicIds::get)),
                        () -> 0));
    }

    /** Another process of the same consumer, without Kafka. */
    OutboxConsumer localConsumer(RetrySettings settings) {
        return localConsumer(settings, () -> 0);
    }

    /** Likewise, with that chance in the length of its waits. */
    OutboxConsumer localConsumer(RetrySettings settings, DoubleSupplier chance) {
        return new OutboxConsumer(
                "billing",
                "ce_id",
                this::handle,
                settings,
                new OutboxConsumer.Dependencies(
                        jdbc, new JdbcTransactionManager(spy.dataSource()), System::currentTimeMillis, chance));
    }

    private void handle(ReceivedMessage message) throws Exception {
        jdbc.update("insert into effect (text, message_id) values (?, ?)", text(message), message.id());
        besides.handle(message);
    }

    static String text(ReceivedMessage message) {
        return new String(Objects.requireNonNull(message.record().value()), StandardCharsets.UTF_8);
    }

    /** What was done, in order. */
    List<String> effects() {
        return database.jdbc().queryForList("select text from effect order by position", String.class);
    }

    /** The next record of partition 0, with a new id. */
    ConsumerRecord<byte[], byte[]> next(String key, String text) {
        return record(offset++, key, text, id());
    }

    static String id() {
        return id(System.currentTimeMillis()).toString();
    }

    /** A UUIDv7 of that moment. */
    static UUID id(long millis) {
        UUID chance = UUID.randomUUID();
        return new UUID(
                millis << 16 | 0x7000 | chance.getMostSignificantBits() & 0xFFF, chance.getLeastSignificantBits());
    }

    /** A record of partition 0; null for the key or the id is none. */
    static ConsumerRecord<byte[], byte[]> record(long offset, String key, String text, String id) {
        RecordHeaders headers = new RecordHeaders();
        if (id != null) {
            headers.add("ce_id", bytes(id));
        }
        return new ConsumerRecord<>(
                TOPIC,
                0,
                offset,
                0L,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key == null ? null : bytes(key),
                bytes(text),
                headers,
                java.util.Optional.empty());
    }

    List<ConsumerRecord<byte[], byte[]>> poll(String... keysAndTexts) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String keyAndText : keysAndTexts) {
            records.add(next(keyAndText.substring(0, 1), keyAndText));
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
