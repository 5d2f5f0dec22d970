package io.amends.test.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaBrokerTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void a_group_reads_what_was_produced() throws Exception {
        EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.shared();
        createTopic(broker, "greetings");
        produce(broker, "greetings", "hello");
        assertThat(consume(broker, "greetings", 1)).containsExactly("hello");
    }

    @Test
    void takes_transactions() throws Exception {
        EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.shared();
        createTopic(broker, "payments");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "payments-1"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("payments", "undone"));
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("payments", "done"));
            producer.commitTransaction();
        }
        assertThat(consume(broker, "payments", 1)).containsExactly("done");
    }

    @Test
    void does_not_make_topics_by_itself() {
        EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.shared();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> admin.describeTopics(List.of("nobody-made-this"))
                            .allTopicNames()
                            .get(60, TimeUnit.SECONDS))
                    .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void keeps_its_records_over_a_restart() throws Exception {
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start()) {
            createTopic(broker, "kept");
            produce(broker, "kept", "before");
            broker.stop();
            broker.restart();
            produce(broker, "kept", "between");
            broker.restart();
            produce(broker, "kept", "after");
            assertThat(consume(broker, "kept", 3)).containsExactly("before", "between", "after");
        }
    }

    private static void createTopic(EmbeddedKafkaBroker broker, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(60, TimeUnit.SECONDS);
        }
    }

    private static void produce(EmbeddedKafkaBroker broker, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(60, TimeUnit.SECONDS);
        }
    }

    private static List<String> consume(EmbeddedKafkaBroker broker, String topic, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        "readers-of-" + topic,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (values.size() < count && System.nanoTime() < limit) {
                consumer.poll(Duration.ofMillis(200)).forEach(found -> values.add(found.value()));
            }
        }
        return values;
    }
}
