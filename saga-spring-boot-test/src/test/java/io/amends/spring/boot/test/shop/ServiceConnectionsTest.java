package io.amends.spring.boot.test.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Skipped where no Docker engine has the images at hand: nothing is downloaded, and nobody waits for it. */
@EnabledIf(
        value = "imagesAreThere",
        disabledReason =
                "needs a Docker engine that has postgres:18, apache/kafka:4.2.1 and testcontainers/ryuk (not with TESTCONTAINERS_RYUK_DISABLED=true)")
// tag::connections[]
@SpringBootTest
@Testcontainers(disabledWithoutDocker = true)
@Import(OrderSagaTest.Payments.class)
class ServiceConnectionsTest {

    @Container
    @ServiceConnection
    static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:18");

    @Container
    @ServiceConnection
    static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka:4.2.1");
    // end::connections[]

    @MockitoBean
    Mails mails;

    static boolean imagesAreThere() throws IOException, InterruptedException {
        return isThere("postgres:18")
                && isThere("apache/kafka:4.2.1")
                && ("true".equals(System.getenv("TESTCONTAINERS_RYUK_DISABLED")) || isThere("testcontainers/ryuk"));
    }

    private static boolean isThere(String image) throws IOException, InterruptedException {
        try {
            Process listing = new ProcessBuilder("docker", "images", "--quiet", image)
                    .redirectErrorStream(true)
                    .start();
            return listing.waitFor(5, TimeUnit.SECONDS)
                    && listing.exitValue() == 0
                    && listing.getInputStream().read() != -1;
        } catch (IOException noDocker) {
            return false;
        }
    }

    @Test
    void the_application_runs_on_the_containers(@Autowired Sagas sagas, @Autowired Stock stock) {
        stock.set("teapot", 5);
        sagas.start(OrderSaga.class, new Order("o-1", "teapot", 2, "ann"), SagaKey.of("o-1"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sagas.find("order", SagaKey.of("o-1")))
                        .map(SagaSnapshot::phase)
                        .contains(SagaPhase.COMPLETED));
        assertThat(stock.pieces("teapot")).isEqualTo(3);
    }
}
