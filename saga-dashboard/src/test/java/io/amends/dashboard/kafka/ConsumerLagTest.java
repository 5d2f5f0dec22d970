package io.amends.dashboard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How far consumers are behind, on a real broker that knows who may do what; each test has topics of its own. */
class ConsumerLagTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final EmbeddedKafkaBroker BROKER = GuardedKafka.BROKER;
    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;

    private final String topic = "saga.t" + UUID.randomUUID() + ".commands";
    private final AtomicLong nanos = new AtomicLong();
    private final List<ConsumerLag> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        admin = Admin.create(servers());
        producer = new KafkaProducer<>(servers(), new ByteArraySerializer(), new ByteArraySerializer());
        // The first question about a group has the broker make the topic of its offsets.
        create("first", 1);
        assertThat(new LagQuestion(admin, PATIENCE).ask(List.of("first"), 1).topics())
                .extracting(TopicLag::trouble)
                .containsOnlyNulls();
    }

    @AfterAll
    static void stop() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    @AfterEach
    void close() {
        opened.forEach(ConsumerLag::close);
    }

    private static Map<String, Object> servers() {
        return GuardedKafka.servers();
    }

    private ConsumerLag lag(int mostPartitions, List<String> topics, Duration limit) {
        ConsumerLag made = new ConsumerLag(servers(), topics, mostPartitions, limit, nanos::get);
        opened.add(made);
        return made;
    }

    private ConsumerLag lag(String... topics) {
        return lag(100, List.of(topics), PATIENCE);
    }

    private static void create(String name, int partitions) throws Exception {
        GuardedKafka.create(admin, name, partitions);
    }

    private static void send(String to, int partition, int records) throws Exception {
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>(to, partition, null, new byte[] {1}))
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static TopicLag only(Lag told) {
        assertThat(told.trouble()).isNull();
        assertThat(told.topics()).hasSize(1);
        return told.topics().get(0);
    }

    private void later(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private KafkaConsumer<byte[], byte[]> reading() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        BROKER.bootstrapServers(),
                        "group.id",
                        topic,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        await().pollInSameThread().atMost(PATIENCE).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
        return consumer;
    }

    @Test
    void what_a_stopped_consumer_has_not_taken_is_counted_to_the_record() throws Exception {
        create(topic, 3);
        send(topic, 0, 5);
        send(topic, 1, 3);
        ConsumerLag lag = lag(topic);
        try (KafkaConsumer<byte[], byte[]> consumer = reading()) {
            consumer.commitSync(Map.of(
                    new TopicPartition(topic, 0), new OffsetAndMetadata(2),
                    new TopicPartition(topic, 1), new OffsetAndMetadata(3)));

            assertThat(only(lag.look())).isEqualTo(new TopicLag(topic, topic, 3, 3L, 0, 3L, 1, null, null));
        }
        send(topic, 1, 4);
        send(topic, 2, 1);
        later(Duration.ofMinutes(2));

        assertThat(only(lag.look())).isEqualTo(new TopicLag(topic, topic, 3, 8L, 1, 4L, 0, null, null));
    }

    @Test
    void a_group_that_never_read_is_behind_by_all_that_is_still_there() throws Exception {
        create(topic, 2);
        send(topic, 1, 6);
        admin.deleteRecords(Map.of(new TopicPartition(topic, 1), RecordsToDelete.beforeOffset(4)))
                .all()
                .get(60, TimeUnit.SECONDS);

        assertThat(only(lag(topic).look())).isEqualTo(new TopicLag(topic, topic, 2, 2L, 1, 2L, 0, null, null));
    }

    @Test
    void a_group_that_took_everything_is_not_behind() throws Exception {
        create(topic, 1);
        send(topic, 0, 2);
        try (KafkaConsumer<byte[], byte[]> consumer = reading()) {
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(2)));

            assertThat(only(lag(topic).look())).isEqualTo(new TopicLag(topic, topic, 1, 0L, null, null, 1, null, null));
        }
    }

    @Test
    void how_much_is_published_is_told_from_the_second_look_on() throws Exception {
        create(topic, 2);
        ConsumerLag lag = lag(topic);
        assertThat(only(lag.look()).perSecond()).isNull();

        send(topic, 0, 3);
        send(topic, 1, 2);
        later(Duration.ofSeconds(10));
        assertThat(only(lag.look()).perSecond()).isEqualTo(0.5);

        later(Duration.ofSeconds(61));
        assertThat(only(lag.look()).perSecond()).isNull();
    }

    @Test
    void kafka_is_not_asked_again_for_some_seconds() throws Exception {
        create(topic, 1);
        ConsumerLag lag = lag(topic);
        Lag first = lag.look();
        send(topic, 0, 1);
        later(ConsumerLag.FRESH.minusNanos(1));
        assertThat(lag.look()).isSameAs(first);

        later(Duration.ofNanos(1));
        assertThat(only(lag.look()).behind()).isEqualTo(1);
    }

    @Test
    void a_topic_that_is_not_there_is_told_beside_the_others() throws Exception {
        create(topic, 1);
        String absent = "saga.nobody" + UUID.randomUUID() + ".replies";

        Lag told = lag(topic, absent).look();

        assertThat(told.trouble()).isNull();
        assertThat(told.topics()).extracting(TopicLag::topic).containsExactlyInAnyOrder(topic, absent);
        assertThat(told.topics())
                .filteredOn(row -> row.topic().equals(absent))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.behind()).isNull();
                    assertThat(row.trouble()).contains("Kafka has no topic " + absent);
                });
        assertThat(told.topics())
                .filteredOn(row -> row.topic().equals(topic))
                .singleElement()
                .extracting(TopicLag::behind)
                .isEqualTo(0L);
    }

    @Test
    void a_topic_or_a_group_that_this_process_may_not_see_is_told_with_the_right_that_it_needs() throws Exception {
        String other = "saga.u" + UUID.randomUUID() + ".commands";
        create(topic, 1);
        create(other, 1);
        deny(ResourceType.TOPIC, topic);
        deny(ResourceType.GROUP, other);

        Lag told = lag(topic, other).look();

        assertThat(told.trouble()).isNull();
        assertThat(told.topics())
                .extracting(TopicLag::trouble)
                .containsExactlyInAnyOrder(
                        "Kafka does not let this process see topic %s. Allow it DESCRIBE on the topic."
                                .formatted(topic),
                        "Kafka does not let this process see group %s. Allow it DESCRIBE on the group."
                                .formatted(other));
    }

    private static void deny(ResourceType type, String name) throws Exception {
        GuardedKafka.deny(admin, type, name, AclOperation.ALL);
        await().atMost(PATIENCE)
                .until(() -> new LagQuestion(admin, PATIENCE)
                        .ask(List.of(name), 1).topics().stream().allMatch(row -> row.trouble() != null));
    }

    @Test
    void what_is_too_much_is_left_out_and_told() throws Exception {
        create(topic + ".a", 2);
        create(topic + ".b", 1);

        Lag few = lag(2, List.of(topic + ".b", topic + ".a"), PATIENCE).look();
        assertThat(few.topics()).extracting(TopicLag::topic).containsExactly(topic + ".a");
        assertThat(few.omitted()).isEqualTo(1);

        Lag many = lag(
                        100,
                        IntStream.range(0, ConsumerLag.MOST_TOPICS + 3)
                                .mapToObj(number -> topic + "." + number)
                                .toList(),
                        PATIENCE)
                .look();
        assertThat(many.topics()).hasSize(ConsumerLag.MOST_TOPICS);
        assertThat(many.omitted()).isEqualTo(3);
    }

    @Test
    void whoever_has_no_topics_asks_nobody() {
        assertThat(lag().look()).isEqualTo(new Lag(List.of(), 0, null));
    }

    @Test
    void a_kafka_that_keeps_silent_is_told_in_time_and_nobody_else_waits_for_it() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ConsumerLag lag = new ConsumerLag(silentlyAt(silent), List.of(topic))) {
            long start = System.nanoTime();
            Callable<Lag> look = lag::look;
            List<String> told = new ArrayList<>();
            for (Future<Lag> answer : threads.invokeAll(List.of(look, look))) {
                told.add(answer.get(60, TimeUnit.SECONDS).trouble());
            }

            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "Kafka did not answer within 2000 ms. See whether this process reaches its brokers.",
                            "Kafka is being asked. Ask again in a moment.");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, Object> silentlyAt(ServerSocket socket) throws IOException {
        return Map.of("bootstrap.servers", "127.0.0.1:" + socket.getLocalPort());
    }

    @Test
    void while_kafka_is_away_that_is_told_and_afterwards_the_numbers_again() throws Exception {
        create(topic, 1);
        send(topic, 0, 2);
        ConsumerLag lag = lag(100, List.of(topic), ConsumerLag.LIMIT);
        awaitBehind(lag, 2);

        BROKER.stop();
        try {
            later(ConsumerLag.FRESH);
            Lag away = lag.look();
            assertThat(away.topics()).isEmpty();
            assertThat(away.trouble()).startsWith("Kafka did not answer within 2000 ms.");
        } finally {
            BROKER.restart();
        }
        awaitBehind(lag, 2);
    }

    private void awaitBehind(ConsumerLag lag, long records) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            later(ConsumerLag.FRESH);
            assertThat(only(lag.look()).behind()).isEqualTo(records);
        });
    }

    @Test
    void an_address_that_can_not_be_is_told() {
        try (ConsumerLag lag = new ConsumerLag(Map.of("bootstrap.servers", "nowhere"), List.of(topic))) {
            assertThat(lag.look().trouble()).startsWith("Kafka did not tell: ").contains("nowhere");
        }
    }

    @Test
    void after_the_end_nobody_is_asked() {
        ConsumerLag lag = lag(topic);
        lag.close();

        assertThat(lag.look().trouble()).contains("This process is stopping");
    }
}
