package io.amends.dashboard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.dashboard.kafka.CommandPlace.State;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Where commands are that nobody answered, on a real broker. */
class CommandPlacesTest extends PlacesFixture {

    private CommandPlace find() {
        return places().find(sought);
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
