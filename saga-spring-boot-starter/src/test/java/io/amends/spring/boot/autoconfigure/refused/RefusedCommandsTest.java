package io.amends.spring.boot.autoconfigure.refused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaOperations;
import io.amends.runtime.SagaOperations.Order;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.spring.boot.autoconfigure.refused.VisitApplication.Hotel;
import io.amends.spring.boot.autoconfigure.refused.VisitApplication.Visit;
import io.amends.spring.boot.autoconfigure.refused.VisitApplication.VisitSaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an operator can do about a participant that rejected what must succeed, on a real broker and database. */
class RefusedCommandsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Order ORDER = new Order("ann", "the hotel says that it works now", null);

    private final ConfigurableApplicationContext application = run();
    private final Hotel hotel = application.getBean(Hotel.class);
    private final JdbcClient jdbc = application.getBean(JdbcClient.class);
    private final SagaOperations operations = application.getBean(SagaOperations.class);

    @BeforeEach
    void createTable() {
        jdbc.sql("create table done (what text, id text)").update();
    }

    @AfterEach
    void close() {
        application.close();
    }

    @Test
    void a_retry_asks_anew_for_what_must_succeed_and_was_rejected() {
        UUID saga = start(new Visit("v1", true));
        awaitPhase(saga, "STUCK");

        assertThat(operations.retry(saga, ORDER)).isEqualTo(Result.DONE);
        await().atMost(PATIENCE).until(() -> hotel.calls().size() == 2);
        awaitPhase(saga, "STUCK");
        hotel.giveIn();
        assertThat(operations.retry(saga, ORDER)).isEqualTo(Result.DONE);
        awaitPhase(saga, "COMPLETED");

        assertThat(hotel.calls()).containsExactly("bill v1", "bill v1", "bill v1");
        assertThat(done()).containsExactly("bill v1");
    }

    @Test
    void a_retry_asks_anew_for_a_compensation_that_was_rejected() {
        UUID saga = start(new Visit("v2", false));
        awaitPhase(saga, "STUCK");

        hotel.giveIn();
        assertThat(operations.retry(saga, ORDER)).isEqualTo(Result.DONE);
        awaitPhase(saga, "COMPENSATED");

        assertThat(hotel.calls()).containsExactly("release v2", "release v2");
        assertThat(done()).containsExactly("release v2");
    }

    private UUID start(Visit visit) {
        return application
                .getBean(Sagas.class)
                .start(VisitSaga.class, visit, SagaKey.of(visit.id()))
                .sagaId();
    }

    private void awaitPhase(UUID saga, String phase) {
        await().atMost(PATIENCE)
                .until(
                        () -> jdbc.sql("select phase from saga_instance where saga_id = ?")
                                .param(saga)
                                .query(String.class)
                                .single(),
                        phase::equals);
    }

    /** What the hotel's committed transactions did. */
    private List<String> done() {
        return jdbc.sql("select what || ' ' || id from done")
                .query(String.class)
                .list();
    }

    private static ConfigurableApplicationContext run() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.url", postgres.freshDatabase());
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        properties.put("spring.flyway.enabled", "false");
        properties.put("saga.topics.partitions", "2");
        return new SpringApplicationBuilder(VisitApplication.class)
                .properties(properties)
                .run();
    }
}
