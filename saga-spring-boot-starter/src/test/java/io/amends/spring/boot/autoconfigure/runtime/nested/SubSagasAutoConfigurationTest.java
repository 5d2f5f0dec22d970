package io.amends.spring.boot.autoconfigure.runtime.nested;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.runtime.nested.TravelApplication.Journey;
import io.amends.spring.boot.autoconfigure.runtime.nested.TravelApplication.JourneySaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

class SubSagasAutoConfigurationTest {

    private static final String COMMANDS = "saga.stay.commands";

    private final EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
    private final String database = postgres.freshDatabase();

    @Test
    void sagas_start_and_undo_each_other_through_kafka_and_redelivered_commands_change_nothing() throws Exception {
        try (ConfigurableApplicationContext application = run()) {
            JdbcTemplate jdbc = application.getBean(JdbcTemplate.class);
            jdbc.execute(
                    "create table diary (line bigint generated always as identity, journey_id text not null, what text not null)");
            Sagas sagas = application.getBean(Sagas.class);
            start(sagas, new Journey("fine", false, false));
            start(sagas, new Journey("full", false, true));
            start(sagas, new Journey("dear", true, false));

            awaitPhase(sagas, "journey", "fine", SagaPhase.COMPLETED);
            awaitPhase(sagas, "journey", "full", SagaPhase.COMPENSATED);
            awaitPhase(sagas, "journey", "dear", SagaPhase.COMPENSATED);
            assertEnds(sagas, jdbc);
        }
        republish();
        try (ConfigurableApplicationContext again = run()) {
            Sagas sagas = again.getBean(Sagas.class);
            JdbcTemplate jdbc = again.getBean(JdbcTemplate.class);
            start(sagas, new Journey("later", false, false));
            awaitPhase(sagas, "journey", "later", SagaPhase.COMPLETED);
            jdbc.update("delete from diary where journey_id = 'later'");
            assertEnds(sagas, jdbc);
            assertThat(sagas.findAll("stay", List.of(SagaKey.of("fine"), SagaKey.of("full"), SagaKey.of("dear"))))
                    .hasSize(3);
        }
    }

    private static void assertEnds(Sagas sagas, JdbcTemplate jdbc) {
        assertThat(diary(jdbc, "fine")).containsExactly("leave taken", "dog sitter asked", "room booked", "paid");
        assertThat(diary(jdbc, "full"))
                .containsExactly("leave taken", "dog sitter asked", "dog sitter sent away", "leave given back");
        assertThat(diary(jdbc, "dear"))
                .containsExactly(
                        "leave taken", "dog sitter asked", "room booked", "room cancelled", "leave given back");
        assertThat(phase(sagas, "stay", "fine")).isEqualTo(SagaPhase.COMPLETED);
        assertThat(phase(sagas, "stay", "full")).isEqualTo(SagaPhase.COMPENSATED);
        assertThat(phase(sagas, "stay", "dear")).isEqualTo(SagaPhase.COMPLETED);
        assertThat(phase(sagas, "cancel-stay", "dear")).isEqualTo(SagaPhase.COMPLETED);
    }

    private ConfigurableApplicationContext run() {
        return new SpringApplicationBuilder(TravelApplication.class)
                .run(
                        "--spring.flyway.enabled=false",
                        "--saga.topics.partitions=1",
                        "--spring.datasource.url=" + database,
                        "--spring.datasource.username=" + postgres.username(),
                        "--spring.datasource.password=" + postgres.password(),
                        "--spring.kafka.bootstrap-servers="
                                + EmbeddedKafkaBroker.shared().bootstrapServers());
    }

    /** Every command to the child once more, as after a crash before the offsets were committed. */
    private static void republish() throws Exception {
        Properties client = new Properties();
        client.put("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        TopicPartition partition = new TopicPartition(COMMANDS, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            int read = 0;
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    producer.send(new ProducerRecord<>(COMMANDS, 0, record.key(), record.value(), record.headers()))
                            .get();
                    read++;
                }
            }
            assertThat(read).isGreaterThanOrEqualTo(4);
        }
    }

    private static void start(Sagas sagas, Journey journey) {
        sagas.start(JourneySaga.class, journey, SagaKey.of(journey.id()));
    }

    private static List<String> diary(JdbcTemplate jdbc, String journey) {
        return jdbc.queryForList("select what from diary where journey_id = ? order by line", String.class, journey);
    }

    private static void awaitPhase(Sagas sagas, String saga, String key, SagaPhase phase) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> phase(sagas, saga, key) == phase);
    }

    private static SagaPhase phase(Sagas sagas, String saga, String key) {
        return sagas.find(saga, SagaKey.of(key)).map(SagaSnapshot::phase).orElseThrow();
    }
}
