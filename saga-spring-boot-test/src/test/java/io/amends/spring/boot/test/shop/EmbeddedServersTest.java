package io.amends.spring.boot.test.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.test.servers.EmbeddedServers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

// tag::import[]
@SpringBootTest
@Import({EmbeddedServers.class, OrderSagaTest.Payments.class})
class EmbeddedServersTest {
    // end::import[]

    @MockitoBean
    Mails mails;

    @Autowired
    Sagas sagas;

    @Autowired
    Stock stock;

    @Test
    void the_whole_application_runs_without_a_property_that_says_where() {
        stock.set("teapot", 5);
        sagas.start(OrderSaga.class, new Order("o-1", "teapot", 2, "ann"), SagaKey.of("o-1"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(sagas.find("order", SagaKey.of("o-1")))
                        .map(SagaSnapshot::phase)
                        .contains(SagaPhase.COMPLETED));
        assertThat(stock.pieces("teapot")).isEqualTo(3);
    }

    @Test
    void a_main_method_of_the_tests_runs_it_with_them_too(
            @Autowired JdbcConnectionDetails database, @Autowired KafkaConnectionDetails kafka) {
        SpringApplication.Running running = SpringApplication.from(ShopApplication::main)
                .with(EmbeddedServers.class)
                .run();
        try (ConfigurableApplicationContext other = running.getApplicationContext()) {
            assertThat(other.getBean(Sagas.class).find("order", SagaKey.of("o-1")))
                    .isEmpty();
            assertThat(other.getBean(JdbcConnectionDetails.class).getJdbcUrl()).isNotEqualTo(database.getJdbcUrl());
            assertThat(other.getBean(KafkaConnectionDetails.class).getBootstrapServers())
                    .isNotEqualTo(kafka.getBootstrapServers());
        }
    }
}
