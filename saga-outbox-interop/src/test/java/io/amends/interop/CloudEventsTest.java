package io.amends.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.CloudEventMessages;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the relay publishes is read by the CloudEvents SDK. */
class CloudEventsTest {

    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = Servers.run(ShopApplication.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void an_event_arrives_with_all_of_its_attributes_and_its_data() {
        String topic = Servers.topic("events");
        Servers.createTopic(topic);
        byte[] data = "{\"total\":5}".getBytes(StandardCharsets.UTF_8);
        OutboxMessage message = CloudEventMessages.from("/shop")
                .message(
                        topic,
                        "order-7",
                        "order-placed",
                        "application/json",
                        data,
                        Map.of("subject", "größe", "dataschema", "https://shop.example/order", "tenant", "acme"));
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(
                        status -> application.getBean(Outbox.class).append(message));

        ConsumerRecord<String, CloudEvent> arrived = first(topic);
        assertThat(arrived.key()).isEqualTo("order-7");
        CloudEvent event = arrived.value();
        assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(event.getId()).isEqualTo(message.id().toString());
        assertThat(event.getSource()).isEqualTo(URI.create("/shop"));
        assertThat(event.getType()).isEqualTo("order-placed");
        assertThat(event.getTime()).isCloseTo(OffsetDateTime.now(), within(Duration.ofMinutes(1)));
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getSubject()).isEqualTo("größe");
        assertThat(event.getDataSchema()).isEqualTo(URI.create("https://shop.example/order"));
        assertThat(event.getExtensionNames()).containsExactly("tenant");
        assertThat(event.getExtension("tenant")).isEqualTo("acme");
        assertThat(event.getData().toBytes()).isEqualTo(data);
    }

    private static org.assertj.core.data.TemporalUnitOffset within(Duration limit) {
        return org.assertj.core.api.Assertions.within(limit.toSeconds(), ChronoUnit.SECONDS);
    }

    private static ConsumerRecord<String, CloudEvent> first(String topic) {
        try (KafkaConsumer<String, CloudEvent> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers()),
                new StringDeserializer(),
                new CloudEventDeserializer())) {
            List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            for (int looks = 0; looks < 300; looks++) {
                for (ConsumerRecord<String, CloudEvent> polled : consumer.poll(Duration.ofMillis(100))) {
                    return polled;
                }
            }
            throw new AssertionError("Nothing arrived on " + topic);
        }
    }
}
