package io.amends.sample.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaKeyConflictException;
import io.amends.saga.engine.SagaPhase;
import io.amends.sample.order.OrderController.NewOrder;
import io.amends.sample.order.OrderController.OrderView;
import io.amends.spring.boot.test.servers.EmbeddedServers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The whole shop on real servers. */
@SpringBootTest
@Import(EmbeddedServers.class)
class OrderApplicationTest {

    @Autowired
    private OrderController orders;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void an_order_is_shipped() {
        int before = available();

        orders.place("1001", new NewOrder("ann", "book", 2, 3_998));

        assertThat(end("1001")).isEqualTo(new OrderView("1001", SagaPhase.COMPLETED, "parcel P-1001"));
        assertThat(available()).isEqualTo(before - 2);
    }

    @Test
    void an_order_that_is_not_paid_gives_its_stock_back() {
        int before = available();

        orders.place("1002", new NewOrder("ann", "book", 2, 399_800));

        assertThat(end("1002")).isEqualTo(new OrderView("1002", SagaPhase.COMPENSATED, "more than the card's limit"));
        assertThat(available()).isEqualTo(before);
    }

    @Test
    void a_carrier_that_is_away_for_a_while_delays_an_order_and_does_not_end_it() {
        orders.place("late-1003", new NewOrder("ann", "book", 1, 1_999));

        assertThat(end("late-1003")).isEqualTo(new OrderView("late-1003", SagaPhase.COMPLETED, "parcel P-late-1003"));
    }

    @Test
    void an_order_that_is_sent_twice_is_one_order() {
        orders.place("1004", new NewOrder("ann", "book", 1, 1_999));
        orders.place("1004", new NewOrder("ann", "book", 1, 1_999));

        assertThat(end("1004").phase()).isEqualTo(SagaPhase.COMPLETED);
        assertThat(jdbc.sql("select count(*) from payment where order_id = '1004'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThatThrownBy(() -> orders.place("1004", new NewOrder("bob", "book", 1, 1_999)))
                .isInstanceOf(SagaKeyConflictException.class);
    }

    private OrderView end(String id) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> orders.show(id).phase().isTerminal());
        return orders.show(id);
    }

    private int available() {
        return jdbc.sql("select available from stock where article = 'book'")
                .query(Integer.class)
                .single();
    }

    /** Fails the first two times that it is asked for a late parcel. */
    @TestConfiguration(proxyBeanMethods = false)
    static class UnreliableCarrier {

        @Bean
        @Primary
        Carrier carrier() {
            AtomicInteger asked = new AtomicInteger();
            return orderId -> {
                if (orderId.startsWith("late") && asked.incrementAndGet() <= 2) {
                    throw new IllegalStateException("the carrier does not answer");
                }
                return "P-" + orderId;
            };
        }
    }
}
