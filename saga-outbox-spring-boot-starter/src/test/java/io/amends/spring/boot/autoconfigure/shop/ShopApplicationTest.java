package io.amends.spring.boot.autoconfigure.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.Outbox;
import io.amends.outbox.inbox.IdempotentListener;
import io.amends.outbox.inbox.ParkedMessage;
import io.amends.outbox.inbox.ParkedMessages;
import io.amends.spring.boot.autoconfigure.OutboxMeter;
import io.amends.spring.boot.autoconfigure.inbox.IdempotentConsumers;
import io.amends.spring.boot.autoconfigure.inbox.InvalidListenersException;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.ClassUtils;

/** The example of docs/outbox.md on real servers; each test has customers of its own. */
@ExtendWith(OutputCaptureExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShopApplicationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static String database;
    private static ConfigurableApplicationContext application;
    private static String startUp;

    @BeforeAll
    static void start(CapturedOutput output) {
        database = EmbeddedPostgresServer.shared().freshDatabase();
        application = run(ShopApplication.class);
        startUp = output.getAll();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void an_order_and_its_event_commit_together_and_the_listener_takes_the_event() {
        orders().place("o-1", "ann", 5);

        await().atMost(PATIENCE).until(() -> invoices("ann").equals(List.of("o-1")));
        await().atMost(PATIENCE).until(() -> count("shipment where headers >= 6") >= 1);
    }

    @Test
    void of_an_order_that_is_rolled_back_no_event_is_published() {
        orders().place("o-2", "bob", 5);
        assertThatThrownBy(() -> orders().place("o-2", "bob", 6)).isInstanceOf(DuplicateKeyException.class);
        orders().place("o-3", "bob", 7);

        await().atMost(PATIENCE).until(() -> invoices("bob").equals(List.of("o-2", "o-3")));
    }

    @Test
    void an_event_that_its_sender_repeats_is_taken_once() throws Exception {
        String id = UUID.randomUUID().toString();
        send("carl", id, "{\"orderId\":\"o-4\",\"customer\":\"carl\",\"amount\":1}");
        send("carl", id, "{\"orderId\":\"o-4\",\"customer\":\"carl\",\"amount\":1}");
        send("carl", UUID.randomUUID().toString(), "{\"orderId\":\"o-5\",\"customer\":\"carl\",\"amount\":1}");

        await().atMost(PATIENCE).until(() -> invoices("carl").contains("o-5"));
        assertThat(invoices("carl")).containsExactly("o-4", "o-5");
        assertThat(application
                        .getBean(IdempotentConsumers.class)
                        .stats()
                        .get("invoices")
                        .duplicates())
                .isPositive();
    }

    @Test
    void what_the_relay_and_the_listeners_do_is_measured() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        application.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(meters));

        orders().place("o-20", "hugo", 5);

        await().atMost(PATIENCE).until(() -> invoices("hugo").equals(List.of("o-20")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(meters.get(OutboxMeter.STAGE.meterName())
                                .tag("stage", "settle")
                                .timer()
                                .count())
                        .isPositive());
        assertThat(meters.get(OutboxMeter.STAGE.meterName())
                        .tag("stage", "read")
                        .timer()
                        .count())
                .isPositive();
        assertThat(meters.get(OutboxMeter.STAGE.meterName())
                        .tag("stage", "send")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
        assertThat(meters.get(OutboxMeter.CHUNK.meterName()).summary().mean()).isGreaterThanOrEqualTo(1);
        assertThat(meters.get(OutboxMeter.PUBLISHED.meterName())
                        .functionCounter()
                        .count())
                .isPositive();
        assertThat(meters.get(OutboxMeter.LANES.meterName()).gauge().value()).isEqualTo(1);
        assertThat(meters.get(OutboxMeter.OLDEST.meterName()).gauge().value()).isBetween(0.0, 60.0);
        assertThat(meters.get(OutboxMeter.PARKED_KEYS.meterName()).gauge().value())
                .isZero();
        assertThat(meters.get(OutboxMeter.FENCED.meterName()).functionCounter().count())
                .isZero();
        assertThat(meters.get(OutboxMeter.HANDLED.meterName())
                        .tag("consumer", "invoices")
                        .functionCounter()
                        .count())
                .isPositive();
        assertThat(meters.getMeters().stream().map(meter -> meter.getId().getName()))
                .containsAll(Stream.of(OutboxMeter.values())
                        .map(OutboxMeter::meterName)
                        .toList());
    }

    @Test
    void an_event_that_can_not_be_handled_is_parked_with_its_key_and_a_discard_lets_the_key_go_on() {
        orders().place("o-6", "dora", -1);
        orders().place("o-7", "dora", 2);
        orders().place("o-8", "emil", 3);

        await().atMost(PATIENCE).until(() -> invoices("emil").equals(List.of("o-8")));
        await().atMost(PATIENCE)
                .until(() -> parked("dora") != null && parked("dora").waiting() == 1);
        assertThat(parked("dora").attempts()).isEqualTo(2);
        assertThat(parked("dora").reason()).contains("negative amount");
        assertThat(invoices("dora")).isEmpty();

        parkedMessages().discard(parked("dora").id(), "the test", "nobody owes less than nothing");

        await().atMost(PATIENCE).until(() -> invoices("dora").equals(List.of("o-7")));
    }

    @Test
    void a_payload_that_can_not_be_read_is_parked_at_once_and_its_text_is_not_quoted() throws Exception {
        send("fred", UUID.randomUUID().toString(), "{\"orderId\":\"o-9\",\"customer\":\"fred\",\"amount\":\"secret\"}");

        await().atMost(PATIENCE).until(() -> parked("fred") != null);
        assertThat(parked("fred").attempts()).isEqualTo(1);
        assertThat(parked("fred").reason())
                .contains("can't be read as " + OrderPlaced.class.getName(), "line 1")
                .doesNotContain("secret");
    }

    @Test
    void the_start_tells_of_each_listener_and_of_the_relay() {
        assertThat(startUp)
                .contains("Consumer invoices reads shop.orders in group invoices with Invoices.on")
                .contains("Consumer shipments reads shop.orders in group shop-shipments with Shipments.on")
                .containsPattern("Relay application-\\d+-[0-9a-f]+ publishes the outbox of localhost:\\d+/")
                .contains("Topics: shop.orders (1 of them new)");
    }

    @Test
    void no_class_of_sagas_is_on_the_class_path() {
        assertThat(application.getBeansOfType(Outbox.class)).hasSize(1);
        for (String name : List.of("io.amends.saga.Saga", "io.amends.runtime.Sagas")) {
            assertThat(ClassUtils.isPresent(name, null)).as(name).isFalse();
        }
    }

    @Test
    void listeners_that_can_not_work_stop_the_start_with_all_that_is_wrong(CapturedOutput output) {
        assertThatThrownBy(() -> run(BadListeners.class)).hasRootCauseInstanceOf(InvalidListenersException.class);

        assertThat(output)
                .contains("5 @IdempotentListener methods can't be used:")
                .contains("Bad.secret: it is private or static.")
                .contains("Bad.answers: it returns String, which nobody would get.")
                .contains("Bad.nothing: it has 0 parameters for the message, but needs exactly one")
                .contains("Bad.strings: its record is not of bytes.")
                .containsPattern("Bad\\.\\w+: the consumer 'twice' is Bad\\.\\w+ already");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void offsets_that_kafka_has_lost_bring_nothing_back() throws Exception {
        orders().place("o-10", "gina", 1);
        await().atMost(PATIENCE).until(() -> invoices("gina").equals(List.of("o-10")));
        JdbcClient before = jdbc();
        long invoices = count("invoice");
        application.close();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
            admin.alterConsumerGroupOffsets(
                            "invoices", Map.of(new TopicPartition("shop.orders", 0), new OffsetAndMetadata(0)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        assertThat(before).isNotNull();
        application = run(ShopApplication.class);
        orders().place("o-11", "gina", 2);

        await().atMost(PATIENCE).until(() -> invoices("gina").contains("o-11"));
        assertThat(count("invoice")).isEqualTo(invoices + 1);
    }

    private static ConfigurableApplicationContext run(Class<?> main) {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("saga.topics.partitions", "1");
        properties.put("saga.inbox.attempts", "2");
        properties.put("saga.inbox.backoff", "10ms");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.url", database);
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put("spring.kafka.bootstrap-servers", servers());
        return new SpringApplicationBuilder(main).properties(properties).run();
    }

    private static String servers() {
        return EmbeddedKafkaBroker.shared().bootstrapServers();
    }

    private static Orders orders() {
        return application.getBean(Orders.class);
    }

    private static ParkedMessages parkedMessages() {
        return application.getBean(ParkedMessages.class);
    }

    private static JdbcClient jdbc() {
        return application.getBean(JdbcClient.class);
    }

    private static List<String> invoices(String customer) {
        return jdbc().sql("select order_id from invoice where customer = ? order by position")
                .param(customer)
                .query(String.class)
                .list();
    }

    private static ParkedMessage parked(String key) {
        return parkedMessages().of("invoices", 100).stream()
                .filter(message -> new String(message.key(), StandardCharsets.UTF_8).equals(key))
                .filter(message -> message.nextAttemptAt() == null)
                .findFirst()
                .orElse(null);
    }

    private static long count(String rows) {
        return jdbc().sql("select count(*) from " + rows).query(Long.class).single();
    }

    private static void send(String key, String id, String json) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("shop.orders", bytes(key), bytes(json));
            record.headers().add("ce_id", bytes(id));
            producer.send(record).get(30, TimeUnit.SECONDS);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Configuration(proxyBeanMethods = false)
    @org.springframework.boot.autoconfigure.EnableAutoConfiguration
    static class BadListeners {
        @Bean
        Bad bad() {
            return new Bad();
        }
    }

    static class Bad {
        @IdempotentListener(consumer = "secret", topics = "bad")
        private void secret(String text) {}

        @IdempotentListener(consumer = "answers", topics = "bad")
        String answers(String text) {
            return text;
        }

        @IdempotentListener(consumer = "nothing", topics = "bad")
        void nothing(UUID id) {}

        @IdempotentListener(consumer = "strings", topics = "bad")
        void strings(org.apache.kafka.clients.consumer.ConsumerRecord<String, String> record) {}

        @IdempotentListener(consumer = "twice", topics = "bad")
        void one(String text) {}

        @IdempotentListener(consumer = "twice", topics = "bad")
        void two(String text) {}
    }
}
