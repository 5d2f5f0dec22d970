package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class ShutdownTest {

    private static final int ORDERS = 300;

    @Test
    void a_stop_publishes_what_is_in_the_outbox_and_the_next_start_goes_on() throws SQLException {
        String database = EmbeddedPostgresServer.shared().freshDatabase();
        List<SagaKey> keys = IntStream.range(0, ORDERS)
                .mapToObj(i -> SagaKey.of("order-" + i))
                .toList();
        try (ConfigurableApplicationContext application = Servers.run(database)) {
            Sagas sagas = application.getBean(Sagas.class);
            keys.forEach(key -> sagas.start(OrderSaga.class, new Order(key.value(), 5), key));
        }

        assertThat(count(database, "saga_outbox_pending")).isZero();
        try (ConfigurableApplicationContext application = Servers.run(database)) {
            Sagas sagas = application.getBean(Sagas.class);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(sagas.findAll("order", keys))
                            .hasSize(ORDERS)
                            .extracting(SagaSnapshot::phase)
                            .allMatch(phase -> phase.isTerminal()));
        }
        assertThat(count(database, "saga_outbox_pending")).isZero();
        assertThat(count(database, "shop_order")).isEqualTo(ORDERS);
    }

    private static int count(String database, String table) throws SQLException {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        try (Connection connection = DriverManager.getConnection(database, postgres.username(), postgres.password());
                ResultSet result = connection.createStatement().executeQuery("select count(*) from " + table)) {
            result.next();
            return result.getInt(1);
        }
    }
}
