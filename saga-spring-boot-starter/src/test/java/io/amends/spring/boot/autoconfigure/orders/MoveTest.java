package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.relay.Relay;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** An application without Kafka is moved to Kafka while its sagas run, and back. */
class MoveTest {

    private static final int ORDERS = 300;
    private static final String ALONE = "--saga.transport=postgresql";
    private static final String KAFKA = "--saga.transport=kafka";

    private final EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
    private final String database = server.freshDatabase();
    private final JdbcClient jdbc =
            JdbcClient.create(new DriverManagerDataSource(database, server.username(), server.password()));

    @Test
    void sagas_that_were_stopped_in_the_middle_end_once_over_kafka_and_later_ones_without_it_again() {
        List<SagaKey> running = keys("running");
        try (ConfigurableApplicationContext desk = Servers.run(database, ALONE, "--saga.relay.enabled=false")) {
            start(desk, running.subList(0, ORDERS / 2));
            ConfigurableApplicationContext slow = Servers.run(database, ALONE, "--saga.relay.chunk-size=1");
            await().atMost(Duration.ofSeconds(60)).until(() -> ended() > 0);
            // The first end when most is done; with others behind them the stop comes in the middle.
            start(desk, running.subList(ORDERS / 2, ORDERS));
            slow.close();
        }
        assertThat(ended()).as("the stop came in the middle").isLessThan(ORDERS);
        assertThat(pending()).as("what is not handled yet is in the outbox").isPositive();

        List<SagaKey> later = keys("later");
        try (ConfigurableApplicationContext kafka = Servers.run(database, KAFKA)) {
            start(kafka, later);
            awaitEnd(kafka, running);
            awaitEnd(kafka, later);
        }
        assertThat(ended()).isEqualTo(2 * ORDERS);

        List<SagaKey> back = keys("back");
        try (ConfigurableApplicationContext alone = Servers.run(database, ALONE)) {
            start(alone, back);
            awaitEnd(alone, back);
        }
        assertThat(ended()).isEqualTo(3 * ORDERS);
        assertEachOnce(3 * ORDERS);
    }

    @Test
    void process_by_process_too() {
        List<SagaKey> first = keys("first");
        List<SagaKey> second = keys("second");
        try (ConfigurableApplicationContext alone = Servers.run(database, ALONE);
                ConfigurableApplicationContext kafka = Servers.run(database, KAFKA)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> alone.getBean(Relay.class).lanes() == 2
                            && kafka.getBean(Relay.class).lanes() == 2);
            start(alone, first);
            start(kafka, second);
            awaitEnd(kafka, first);
            awaitEnd(kafka, second);
        }

        assertThat(ended()).isEqualTo(2 * ORDERS);
        assertEachOnce(2 * ORDERS);
    }

    private void assertEachOnce(int orders) {
        assertThat(pending()).isZero();
        assertThat(
                        count(
                                "select count(*) from (select order_id from shop_order group by order_id having count(*) > 1) o"))
                .as("orders that ended twice")
                .isZero();
        assertThat(
                        count(
                                "select count(*) from (select order_id from shop_reservation group by order_id having count(*) > 1) r"))
                .as("orders that were reserved twice")
                .isZero();
        assertThat(count("select count(*) from shop_reservation")).isEqualTo(orders / 2);
        assertThat(count("select count(*) from saga_inbox_quarantine")).isZero();
        assertThat(count("select count(*) from saga_parked")).isZero();
    }

    private static List<SagaKey> keys(String prefix) {
        return IntStream.range(0, ORDERS)
                .mapToObj(i -> SagaKey.of(prefix + "-" + i))
                .toList();
    }

    /** Every second order is too dear, so that its reservation is released. */
    private static void start(ConfigurableApplicationContext application, List<SagaKey> keys) {
        Sagas sagas = application.getBean(Sagas.class);
        for (int i = 0; i < keys.size(); i++) {
            sagas.start(OrderSaga.class, new Order(keys.get(i).value(), i % 2 == 0 ? 5 : 5_000), keys.get(i));
        }
    }

    private static void awaitEnd(ConfigurableApplicationContext application, List<SagaKey> keys) {
        Sagas sagas = application.getBean(Sagas.class);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sagas.findAll("order", keys))
                        .hasSize(ORDERS)
                        .extracting(SagaSnapshot::phase)
                        .allMatch(phase -> phase.isTerminal()));
    }

    private long ended() {
        return count("select count(*) from shop_order");
    }

    private long pending() {
        return count("select count(*) from saga_outbox_pending");
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
