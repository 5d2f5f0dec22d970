package io.amends.outbox.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.TestDatabase;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real records, topics and topic ids; their consumers are assigned by hand, as a zombie's are in its own eyes. */
class InboxOnKafkaTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.migrated();
    private final Map<String, Object> servers =
            Map.of("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers());
    private final Admin admin = Admin.create(servers);
    private final String topic = "inbox." + UUID.randomUUID();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void createTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        admin.close();
        database.close();
    }

    @Test
    void of_two_consumers_that_both_hold_a_partition_the_one_that_was_paused_is_refused() throws Exception {
        IdempotentConsumer zombie = consumer();
        IdempotentConsumer owner = consumer();
        try (KafkaConsumer<byte[], byte[]> ofZombie = assigned();
                KafkaConsumer<byte[], byte[]> ofOwner = assigned()) {
            send("first");
            zombie.process(poll(ofZombie, 1));
            owner.process(poll(ofOwner, 1));
            send("second");
            List<ConsumerRecord<byte[], byte[]>> paused = poll(ofZombie, 1);
            owner.process(poll(ofOwner, 1));

            assertThatThrownBy(() -> zombie.process(paused)).isInstanceOf(FencedPollException.class);
            zombie.process(paused);
        }
        assertThat(handled).containsExactly("first", "second");
    }

    @Test
    void a_topic_that_is_deleted_and_made_anew_is_read_from_its_beginning() throws Exception {
        IdempotentConsumer consumer = consumer();
        send("old");
        try (KafkaConsumer<byte[], byte[]> kafka = assigned()) {
            consumer.process(poll(kafka, 1));
        }
        admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
            return true;
        });
        send("new");
        try (KafkaConsumer<byte[], byte[]> kafka = assigned()) {
            consumer.process(poll(kafka, 1));
        }
        assertThat(handled).containsExactly("old", "new");
    }

    private IdempotentConsumer consumer() {
        return new IdempotentConsumer(
                "billing",
                "ce_id",
                message -> handled.add(Deliveries.text(message)),
                RetrySettings.DEFAULT,
                new IdempotentConsumer.Dependencies(
                        database.jdbc(),
                        database.transaction().getTransactionManager(),
                        TopicIds.askedOf(admin, LIMIT),
                        () -> 0));
    }

    private KafkaConsumer<byte[], byte[]> assigned() {
        KafkaConsumer<byte[], byte[]> kafka = new KafkaConsumer<>(InboxConsumer.settings(servers, "billing", 100));
        kafka.assign(List.of(new TopicPartition(topic, 0)));
        kafka.seekToBeginning(kafka.assignment());
        return kafka;
    }

    private static List<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> kafka, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        await().atMost(LIMIT).until(() -> {
            kafka.poll(Duration.ofMillis(100)).forEach(records::add);
            return records.size() == count;
        });
        return records;
    }

    private void send(String text) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic, new byte[] {1}, text.getBytes(StandardCharsets.UTF_8));
            record.headers().add("ce_id", Deliveries.id().getBytes(StandardCharsets.UTF_8));
            producer.send(record).get(30, TimeUnit.SECONDS);
        }
    }
}
