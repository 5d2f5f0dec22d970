package io.amends.dashboard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What messages hold, read again on a real broker. */
class SagaRecordsTest extends PlacesFixture {

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
}
