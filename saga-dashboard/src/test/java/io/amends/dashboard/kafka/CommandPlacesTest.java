package io.amends.dashboard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.dashboard.kafka.CommandPlace.State;
import io.amends.runtime.wire.WireHeaders;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where commands are that nobody answered, and what messages hold, on a real broker; each test has a topic of its own. */
class CommandPlacesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;

    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;

    private final String topic = "saga.t" + UUID.randomUUID() + ".commands";
    private final AtomicLong nanos = new AtomicLong();
    private final List<CommandPlaces> opened = new ArrayList<>();
    private final Instant now = Instant.now();
    private final SentCommand sought = new SentCommand(topic, UUID.randomUUID().toString(), UUID.randomUUID(), now);
    private final int partition = PlaceSearch.partitionOf(sought.key(), PARTITIONS);

    @BeforeAll
    static void connect() {
        admin = Admin.create(GuardedKafka.servers());
        producer = new KafkaProducer<>(GuardedKafka.servers(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void disconnect() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    @AfterEach
    void close() {
        opened.forEach(CommandPlaces::close);
    }

    private CommandPlaces places(Map<String, Object> servers, int mostRecords, Duration limit) {
        CommandPlaces made = new CommandPlaces(servers, servers, mostRecords, limit, nanos::get);
        opened.add(made);
        return made;
    }

    private CommandPlace find() {
        return places(GuardedKafka.servers(), 1000, PATIENCE).find(sought);
    }

    /** The command, or another one if the id is another one's. */
    private ProducerRecord<byte[], byte[]> record(UUID id, @Nullable Integer to, Instant at) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, to, at.toEpochMilli(), sought.key().getBytes(StandardCharsets.UTF_8), new byte[] {1});
        record.headers().add(WireHeaders.ID, id.toString().getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private static RecordMetadata send(ProducerRecord<byte[], byte[]> record) throws Exception {
        return producer.send(record).get(60, TimeUnit.SECONDS);
    }

    private void sendOthers(int number, int to, Instant at) throws Exception {
        for (int i = 0; i < number; i++) {
            send(record(UUID.randomUUID(), to, at));
        }
    }

    private void groupIsAt(long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        topic, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                .all()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void a_command_is_found_where_kafka_s_own_producer_put_it_and_whether_its_group_has_read_it() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        sendOthers(5, partition, now);
        RecordMetadata sent = send(record(sought.messageId(), null, now.plusSeconds(1)));
        sendOthers(2, partition, now);
        assertThat(sent.partition()).as("the partition of the key").isEqualTo(partition);

        CommandPlace unread = find();
        assertThat(unread)
                .isEqualTo(new CommandPlace(
                        State.FOUND,
                        topic,
                        topic + "-" + partition + "@5",
                        Instant.ofEpochMilli(sent.timestamp()),
                        topic,
                        null,
                        false,
                        null,
                        6,
                        now.minus(PlaceSearch.SLACK),
                        null));

        groupIsAt(2);
        assertThat(find()).returns(false, CommandPlace::read).returns(3L, CommandPlace::inFront);
        groupIsAt(5);
        assertThat(find()).returns(false, CommandPlace::read).returns(0L, CommandPlace::inFront);
        groupIsAt(6);
        assertThat(find())
                .returns(true, CommandPlace::read)
                .returns(6L, CommandPlace::committed)
                .returns(null, CommandPlace::inFront);
    }

    @Test
    void it_is_found_in_another_partition_too_and_older_records_are_not_read() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        int elsewhere = (partition + 1) % PARTITIONS;
        for (int each = 0; each < PARTITIONS; each++) {
            sendOthers(20, each, now.minusSeconds(3600));
        }
        send(record(sought.messageId(), elsewhere, now));

        assertThat(find())
                .returns(State.FOUND, CommandPlace::state)
                .returns(topic + "-" + elsewhere + "@20", CommandPlace::place)
                .returns(1, CommandPlace::searched);
    }

    @Test
    void what_is_not_there_is_told_from_what_was_not_reached() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        sendOthers(4, partition, now);
        sendOthers(3, (partition + 1) % PARTITIONS, now);

        assertThat(find()).returns(State.NOT_FOUND, CommandPlace::state).returns(7, CommandPlace::searched);

        send(record(sought.messageId(), partition, now));
        assertThat(places(GuardedKafka.servers(), 2, PATIENCE).find(sought))
                .returns(State.NOT_REACHED, CommandPlace::state)
                .returns(2, CommandPlace::searched)
                .returns(null, CommandPlace::place);
        assertThat(find()).returns(State.FOUND, CommandPlace::state);
    }

    @Test
    void what_participants_do_not_see_yet_is_not_found() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        Map<String, Object> settings = new HashMap<>(GuardedKafka.servers());
        settings.put("transactional.id", topic);
        try (KafkaProducer<byte[], byte[]> relay =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            relay.initTransactions();
            relay.beginTransaction();
            relay.send(record(sought.messageId(), null, now)).get(60, TimeUnit.SECONDS);
            assertThat(find()).returns(State.NOT_FOUND, CommandPlace::state);

            relay.commitTransaction();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(find()).returns(State.FOUND, CommandPlace::state));
            SentCommand other = new SentCommand(topic, sought.key(), UUID.randomUUID(), now);
            assertThat(places(GuardedKafka.servers(), 1000, PATIENCE)
                            .find(other)
                            .state())
                    .as("behind the last record is the marker of its transaction")
                    .isEqualTo(State.NOT_FOUND);
        }
    }

    private CommandPlaces places() {
        return places(GuardedKafka.servers(), 1000, PATIENCE);
    }

    private SagaRecord.State readAt(int where, long offset, UUID id) {
        return places().read(new RecordPlace(topic, where, offset), id).state();
    }

    @Test
    void a_message_is_read_where_it_is_and_taken_for_no_other_one() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        sendOthers(2, partition, now);
        ProducerRecord<byte[], byte[]> command = new ProducerRecord<>(
                topic,
                partition,
                now.toEpochMilli(),
                sought.key().getBytes(StandardCharsets.UTF_8),
                "{\"street\":\"Hidden Lane\"}".getBytes(StandardCharsets.UTF_8));
        // In capitals, as participants may write it that are not of this library.
        String id = sought.messageId().toString().toUpperCase(Locale.ROOT);
        command.headers()
                .add(WireHeaders.ID, id.getBytes(StandardCharsets.UTF_8))
                .add(WireHeaders.TYPE, "collect".getBytes(StandardCharsets.UTF_8))
                .add("nothing", null);
        send(command);
        sendOthers(2, partition, now);

        SagaRecord read = places().read(new RecordPlace(topic, partition, 2), sought.messageId());

        assertThat(read.state()).isEqualTo(SagaRecord.State.FOUND);
        assertThat(read.place()).isEqualTo(topic + "-" + partition + "@2");
        assertThat(read.publishedAt()).isEqualTo(Instant.ofEpochMilli(now.toEpochMilli()));
        assertThat(read.message()).isNotNull().satisfies(message -> {
            assertThat(message.type()).isEqualTo("collect");
            assertThat(message.headers()).containsOnlyKeys(WireHeaders.ID, WireHeaders.TYPE, "nothing");
            assertThat(message.payload()).asString().isEqualTo("{\"street\":\"Hidden Lane\"}");
        });
        assertThat(places().read(sought))
                .as("the same, where nobody told its place")
                .usingRecursiveComparison()
                .isEqualTo(new SagaRecord(
                        SagaRecord.State.FOUND, read.place(), read.publishedAt(), 3, null, null, read.message()));
        assertThat(readAt(partition, 3, sought.messageId())).isEqualTo(SagaRecord.State.ANOTHER);
        assertThat(places().read(new SentCommand(topic, sought.key(), UUID.randomUUID(), now))
                        .state())
                .isEqualTo(SagaRecord.State.NOT_FOUND);
    }

    @Test
    void what_a_topic_does_not_have_any_more_is_gone() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        send(record(sought.messageId(), partition, now));
        sendOthers(2, partition, now);
        assertThat(readAt(partition, 0, sought.messageId())).isEqualTo(SagaRecord.State.FOUND);

        // As the topic's retention does it later.
        admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(1)))
                .all()
                .get(60, TimeUnit.SECONDS);

        assertThat(readAt(partition, 0, sought.messageId())).isEqualTo(SagaRecord.State.GONE);
        assertThat(readAt(partition, 3, sought.messageId()))
                .as("behind the end, since the topic was made anew")
                .isEqualTo(SagaRecord.State.GONE);
        assertThat(readAt(PARTITIONS, 0, sought.messageId())).isEqualTo(SagaRecord.State.GONE);
    }

    @Test
    void what_was_never_committed_is_not_read_and_a_marker_is_no_message() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        Map<String, Object> settings = new HashMap<>(GuardedKafka.servers());
        settings.put("transactional.id", topic);
        try (KafkaProducer<byte[], byte[]> relay =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            relay.initTransactions();
            relay.beginTransaction();
            relay.send(record(sought.messageId(), partition, now)).get(60, TimeUnit.SECONDS);
            relay.commitTransaction();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(readAt(partition, 0, sought.messageId())).isEqualTo(SagaRecord.State.FOUND));
            assertThat(readAt(partition, 1, sought.messageId()))
                    .as("the marker that the transaction has ended")
                    .isEqualTo(SagaRecord.State.GONE);

            UUID takenBack = UUID.randomUUID();
            relay.beginTransaction();
            relay.send(record(takenBack, partition, now)).get(60, TimeUnit.SECONDS);
            assertThat(readAt(partition, 2, takenBack)).isEqualTo(SagaRecord.State.GONE);
            relay.abortTransaction();
            assertThat(readAt(partition, 2, takenBack)).isEqualTo(SagaRecord.State.GONE);
        }
    }

    @Test
    void to_read_a_message_costs_as_much_as_to_look_for_one_and_what_kafka_does_not_tell_is_told() {
        CommandPlaces places = places(Map.of("bootstrap.servers", "nowhere"), 10, PATIENCE);
        RecordPlace place = new RecordPlace(topic, 0, 7);
        SagaRecord untold = places.read(place, sought.messageId());

        assertThat(untold.state()).isEqualTo(SagaRecord.State.UNTOLD);
        assertThat(untold.place()).isEqualTo(topic + "-0@7");
        assertThat(untold.trouble()).contains("nowhere");
        for (int i = 1; i < CommandPlaces.SAVED; i++) {
            places.read(sought);
        }
        assertThat(places.read(place, sought.messageId()).state()).isEqualTo(SagaRecord.State.BUSY);
        assertThat(places.read(sought).state()).isEqualTo(SagaRecord.State.BUSY);
        assertThat(places().read(place, sought.messageId()).trouble()).contains("Kafka has no topic " + topic);
    }

    @Test
    void a_topic_that_is_missing_or_may_not_be_read_is_told_and_none_is_made() throws Exception {
        assertThat(find())
                .returns(State.UNTOLD, CommandPlace::state)
                .extracting(CommandPlace::trouble)
                .asString()
                .contains("Kafka has no topic " + topic);
        assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS)).doesNotContain(topic);

        GuardedKafka.create(admin, topic, PARTITIONS);
        send(record(sought.messageId(), null, now));
        GuardedKafka.deny(admin, ResourceType.TOPIC, topic, AclOperation.READ);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(find())
                        .returns(State.UNTOLD, CommandPlace::state)
                        .extracting(CommandPlace::trouble)
                        .asString()
                        .contains("Kafka does not let this process read topic " + topic, "READ"));
    }

    @Test
    void a_group_that_this_process_may_not_see_is_left_out_and_told() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        send(record(sought.messageId(), null, now));
        GuardedKafka.deny(admin, ResourceType.GROUP, topic, AclOperation.ALL);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(find())
                        .returns(State.FOUND, CommandPlace::state)
                        .returns(null, CommandPlace::group)
                        .returns(null, CommandPlace::read)
                        .extracting(CommandPlace::trouble)
                        .asString()
                        .contains("does not let this process see group " + topic));
    }

    @Test
    void a_kafka_that_keeps_silent_is_told_in_time_and_no_more_than_two_wait_for_it() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CommandPlaces.AT_ONCE + 1);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CommandPlaces places = places(
                    Map.of("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort()), 10, Duration.ofSeconds(1));
            long start = System.nanoTime();
            List<CommandPlace> told = new ArrayList<>();
            Callable<CommandPlace> look = () -> places.find(sought);
            for (Future<CommandPlace> answer :
                    threads.invokeAll(Collections.nCopies(CommandPlaces.AT_ONCE + 1, look))) {
                told.add(answer.get(60, TimeUnit.SECONDS));
            }

            assertThat(told)
                    .extracting(CommandPlace::state)
                    .containsExactlyInAnyOrder(State.UNTOLD, State.UNTOLD, State.BUSY);
            assertThat(told)
                    .filteredOn(place -> place.state() == State.UNTOLD)
                    .extracting(CommandPlace::trouble)
                    .allMatch(
                            "Kafka did not answer within 1000 ms. See whether this process reaches its brokers."
                                    ::equals);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void so_many_are_looked_for_in_a_minute_and_no_more_however_many_ask() {
        CommandPlaces places = places(Map.of("bootstrap.servers", "nowhere"), 10, PATIENCE);
        for (int i = 0; i < CommandPlaces.SAVED; i++) {
            assertThat(places.find(sought).trouble()).contains("nowhere");
        }

        assertThat(places.find(sought).state()).isEqualTo(State.BUSY);
        nanos.addAndGet(CommandPlaces.PRICE.toNanos() - 1);
        assertThat(places.find(sought).state()).isEqualTo(State.BUSY);
        nanos.addAndGet(1);
        assertThat(places.find(sought).state()).isEqualTo(State.UNTOLD);
        assertThat(places.find(sought).state()).isEqualTo(State.BUSY);
    }

    @Test
    void after_the_end_nothing_is_asked_about_groups() throws Exception {
        GuardedKafka.create(admin, topic, PARTITIONS);
        send(record(sought.messageId(), null, now));
        CommandPlaces places = places(GuardedKafka.servers(), 1000, PATIENCE);
        places.close();

        assertThat(places.find(sought))
                .returns(State.FOUND, CommandPlace::state)
                .extracting(CommandPlace::trouble)
                .asString()
                .contains("This process is stopping");
    }
}
