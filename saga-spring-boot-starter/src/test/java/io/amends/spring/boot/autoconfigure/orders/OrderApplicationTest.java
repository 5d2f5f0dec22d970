package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.Outbox;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.ObjectMapper;

@ExtendWith(OutputCaptureExtension.class)
class OrderApplicationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static ConfigurableApplicationContext application;
    private static Sagas sagas;
    private static JdbcClient jdbc;
    private static String startUp;

    @BeforeAll
    static void start(CapturedOutput output) {
        // The smallest pool that is not refused.
        application = Servers.run(
                EmbeddedPostgresServer.shared().freshDatabase(),
                "--spring.datasource.hikari.maximum-pool-size=4",
                "--spring.datasource.hikari.connection-timeout=10000");
        startUp = output.getAll();
        sagas = application.getBean(Sagas.class);
        jdbc = application.getBean(JdbcClient.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void a_saga_runs_to_its_end_through_outbox_and_kafka() {
        StartedSaga started = sagas.start(OrderSaga.class, new Order("cheap", 5), SagaKey.of("cheap"));

        await().atMost(PATIENCE).until(() -> phase(started) == SagaPhase.COMPLETED);
        assertThat(states("cheap")).containsExactly("PAID");
        assertThat(reservations("cheap")).isEqualTo(1);
    }

    @Test
    void a_rejection_is_compensated() {
        StartedSaga started = sagas.start(OrderSaga.class, new Order("dear", 5_000), SagaKey.of("dear"));

        await().atMost(PATIENCE).until(() -> phase(started) == SagaPhase.COMPENSATED);
        assertThat(states("dear")).containsExactly("REFUSED");
        assertThat(reservations("dear")).isZero();
    }

    @Test
    void the_process_tells_that_it_lives_and_which_versions_it_has() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(jdbc.sql(
                                        "select count(*) from saga_node join saga_node_definition using (node) where alive_until > clock_timestamp()")
                                .query(Integer.class)
                                .single())
                        .isPositive());
    }

    @Test
    void the_application_has_an_outbox_too() {
        assertThat(application.getBeansOfType(Outbox.class)).hasSize(1);
    }

    @Test
    void our_tables_come_after_the_migrations_of_the_application_whatever_else_is_wired() {
        assertThat(application.getBeanFactory().getDependenciesForBean("sagaSchema"))
                .contains("flywayInitializer");
        assertThat(application.getBeanFactory().getDependenciesForBean("sagaRelay"))
                .contains("sagaSchema");
    }

    @Test
    void both_migrations_keep_their_own_history() {
        assertThat(jdbc.sql("select count(*) from flyway_schema_history")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThat(jdbc.sql("select min(installed_on) from saga_schema_history where success and version <> '0'")
                        .query(Timestamp.class)
                        .single())
                .isAfter(jdbc.sql("select max(installed_on) from flyway_schema_history")
                        .query(Timestamp.class)
                        .single());
    }

    @Test
    void the_beans_that_spring_boot_makes_for_the_application_are_the_same_with_and_without_sagas() {
        Map<String, String[]> with = infrastructure(application);
        try (ConfigurableApplicationContext without = Servers.run(
                EmbeddedPostgresServer.shared().freshDatabase(),
                "--saga.enabled=false",
                "--spring.main.lazy-initialization=true")) {
            assertThat(with).containsExactlyInAnyOrderEntriesOf(infrastructure(without));
        }
        assertThat(with.get("Flyway")).containsExactly("flyway");
        assertThat(with.get("KafkaTemplate")).containsExactly("kafkaTemplate");
        assertThat(with.get("Executor")).containsExactly("applicationTaskExecutor");
        assertThat(with.get("PlatformTransactionManager")).containsExactly("transactionManager");
    }

    @Test
    void the_start_tells_what_runs() {
        assertThat(startUp)
                .containsPattern("Saga order v1 \\([0-9a-f]{8}\\): reserve -> pay")
                .contains("Participant bank handles pay")
                .contains("Participant warehouse handles release, reserve")
                .containsPattern("Relay application-\\d+-[0-9a-f]+ publishes the outbox of localhost:\\d+/")
                .contains("Topics: saga.bank.commands, saga.order.replies, saga.warehouse.commands");
    }

    private static Map<String, String[]> infrastructure(ConfigurableApplicationContext context) {
        Map<String, String[]> names = new TreeMap<>();
        for (Class<?> type : new Class<?>[] {
            Flyway.class,
            Executor.class,
            TaskScheduler.class,
            ObjectMapper.class,
            ProducerFactory.class,
            ConsumerFactory.class,
            KafkaTemplate.class,
            PlatformTransactionManager.class
        }) {
            names.put(type.getSimpleName(), context.getBeanNamesForType(type));
        }
        return names;
    }

    private static SagaPhase phase(StartedSaga saga) {
        return sagas.find(saga.sagaId()).map(SagaSnapshot::phase).orElseThrow();
    }

    private static List<String> states(String order) {
        return jdbc.sql("select state from shop_order where order_id = ?")
                .param(order)
                .query(String.class)
                .list();
    }

    private static int reservations(String order) {
        return jdbc.sql("select count(*) from shop_reservation where order_id = ?")
                .param(order)
                .query(Integer.class)
                .single();
    }
}
