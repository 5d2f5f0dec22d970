package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TestDatabase;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a relay works on: an outbox, topics that no other test has, and a look at what arrived there. */
final class RelayBench implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(30);

    /** Quick to notice things, so that tests are short. */
    static final RelaySettings QUICK = new RelaySettings(
            1_000,
            Duration.ofMillis(2),
            Duration.ofMillis(50),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(200),
            1);

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String outboxName = "bench-" + NEXT.incrementAndGet();
    final TestDatabase database;
    final JdbcOutbox outbox;
    private final EmbeddedKafkaBroker broker;
    private final ReadMode mode;
    private final List<Relay> relays = new CopyOnWriteArrayList<>();

    /** A record on Kafka; equality is that of key and value. */
    record Arrived(String key, String value) {}

    private RelayBench(EmbeddedPostgresServer server, EmbeddedKafkaBroker broker, ReadMode mode) {
        this.mode = mode;
        this.database = TestDatabase.migrated(server);
        this.outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, AppendListener.NONE);
        this.broker = broker;
    }

    static RelayBench shared() {
        return shared(ReadMode.SNAPSHOT_DELTA);
    }

    static RelayBench shared(ReadMode mode) {
        return on(EmbeddedPostgresServer.shared(), EmbeddedKafkaBroker.shared(), mode);
    }

    static RelayBench on(EmbeddedPostgresServer server, EmbeddedKafkaBroker broker, ReadMode mode) {
        return new RelayBench(server, broker, mode);
    }

    OutboxSource source() {
        return mode.source(database.dataSource());
    }

    Relay relay(String owner) {
        return relay(owner, QUICK);
    }

    Relay relay(String owner, RelaySettings settings) {
        return relay(owner, settings, database.dataSource());
    }

    Relay relay(String owner, RelaySettings settings, DataSource dataSource) {
        return relay(owner, settings, dataSource, mode.source(dataSource), this::producer);
    }

    Relay relay(
            String owner,
            RelaySettings settings,
            DataSource dataSource,
            OutboxSource source,
            Supplier<Producer<byte[], byte[]>> producers) {
        Relay made = new Relay(dataSource, source, producers, settings, owner);
        relays.add(made);
        return made;
    }

    Relay relay(ProducerMode writes, Map<String, Object> producer) {
        Map<String, Object> settings = new HashMap<>(producer);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        Relay made = RelayOfMode.make(database.dataSource(), mode, writes, settings, topicName(), QUICK, "one");
        relays.add(made);
        return made;
    }

    /** With real publishers of that mode; the relays of this outbox share the name. */
    Relay relay(String owner, ProducerMode producerMode) {
        Publishers publishers =
                Publishers.of(producerMode, Map.of("bootstrap.servers", broker.bootstrapServers()), outboxName);
        Relay made = new Relay(database.dataSource(), source(), publishers, QUICK, owner);
        relays.add(made);
        return made;
    }

    Producer<byte[], byte[]> producer() {
        return producer(Map.of());
    }

    Producer<byte[], byte[]> producer(Map<String, Object> extra) {
        Map<String, Object> settings =
                RelayProducer.settings(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()));
        settings.putAll(extra);
        return new KafkaProducer<>(settings);
    }

    /** A name that no topic has. */
    static String topicName() {
        return "relay-test-" + NEXT.incrementAndGet();
    }

    String topic(int partitions) {
        return topic(topicName(), partitions, Map.of());
    }

    String topic(String name, int partitions, Map<String, String> settings) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
            Known.topic(admin, name, partitions);
            return name;
        } catch (InterruptedException | ExecutionException trouble) {
            throw new IllegalStateException("Topic " + name + " can't be made", trouble);
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    /** Appends the values in one transaction. */
    void append(String topic, String key, String... values) {
        database.transaction().executeWithoutResult(status -> {
            for (String value : values) {
                outbox.append(message(topic, key, value));
            }
        });
    }

    static OutboxMessage message(String topic, String key, String value) {
        return new OutboxMessage(
                UUID.randomUUID(), topic, key, "noted", value.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Everything on the topic, partition by partition. */
    List<Arrived> arrived(String topic) {
        return records(topic).stream()
                .map(polled -> new Arrived(
                        new String(polled.key(), StandardCharsets.UTF_8),
                        new String(polled.value(), StandardCharsets.UTF_8)))
                .toList();
    }

    /** When the relay sent the first record of the topic. */
    Instant firstRecordAt(String topic) {
        return records(topic).stream()
                .map(polled -> Instant.ofEpochMilli(polled.timestamp()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return records(topic, "read_uncommitted");
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, String isolation) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** What readers of committed records see of that key. */
    List<String> committed(String topic, String key) {
        return records(topic, "read_committed").stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** What arrived for that key. */
    List<String> values(String topic, String key) {
        return arrived(topic).stream()
                .filter(record -> record.key().equals(key))
                .map(Arrived::value)
                .toList();
    }

    /** Waits until nothing is pending. */
    void awaitPublished() {
        awaitPending(0);
    }

    void awaitPending(long count) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(this::pending, left -> left == count);
    }

    /** Waits until so many records wait behind parked ones. */
    void awaitFollowers(Relay relay, int count) {
        await().atMost(LONG)
                .until(() -> database.jdbc()
                                .queryForObject(
                                        "select count(*) from saga_parked where reason_code is null", Integer.class)
                        == Integer.valueOf(count));
        assertThat(relay.stats().parked()).isEqualTo(count + 1);
    }

    long pending() {
        return database.count("saga_outbox_pending");
    }

    /** Gives the lane to somebody else, as happens to an owner that was paused for too long. */
    void steal(Duration time) {
        database.jdbc()
                .update(
                        "update saga_lane set owner = 'thief', epoch = epoch + 1, lease_until = clock_timestamp() + ? * interval '1 millisecond'",
                        time.toMillis());
    }

    String laneOwner() {
        return database.jdbc()
                .queryForObject(
                        "select string_agg(distinct coalesce(owner, 'nobody'), ', ') from saga_lane", String.class);
    }

    @Override
    public void close() {
        relays.forEach(relay -> relay.stop(Duration.ofSeconds(1)));
        database.close();
    }
}
