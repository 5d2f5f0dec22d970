package io.amends.sample.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.saga.engine.SagaPhase;
import io.amends.sample.order.OrderController.NewOrder;
import io.amends.sample.order.OrderController.OrderView;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The whole shop on containers. Skipped unless they are asked for, since Docker has to be there. */
@SpringBootTest
@Testcontainers
@EnabledIfSystemProperty(named = "amends.test.servers", matches = "testcontainers")
class OrderOnContainersTest {

    @Container
    @ServiceConnection
    static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:18");

    @Container
    @ServiceConnection
    static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka:4.2.1");

    @Autowired
    private OrderController orders;

    @Test
    void an_order_is_shipped() {
        orders.place("1001", new NewOrder("ann", "book", 2, 3_998));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> orders.show("1001").phase().isTerminal());
        assertThat(orders.show("1001")).isEqualTo(new OrderView("1001", SagaPhase.COMPLETED, "parcel P-1001"));
    }
}
