package io.amends.spring.boot.autoconfigure.traced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.traced.bank.BankApplication;
import io.amends.spring.boot.autoconfigure.traced.transfers.TransferApplication;
import io.amends.spring.boot.autoconfigure.traced.transfers.TransferApplication.Transfer;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A transfer that a bank refuses, as OpenTelemetry sees it through Micrometer's bridge: two services, one trace. */
class TracesOfSagasTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void one_trace_goes_from_the_transfer_service_to_the_bank_and_back_until_the_compensation_is_done() {
        try (ConfigurableApplicationContext bank = run(BankApplication.class);
                ConfigurableApplicationContext transfers = run(TransferApplication.class)) {
            Sagas sagas = transfers.getBean(Sagas.class);
            UUID id = sagas.start("traced-transfer", new Transfer("t-1"), SagaKey.of("t-1"))
                    .sagaId();
            await().atMost(PATIENCE).until(() -> phase(sagas, id) == SagaPhase.COMPENSATED);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(named(bank, transfers))
                            .containsExactlyInAnyOrder(
                                    "INTERNAL start traced-transfer",
                                    "CONSUMER handle reserve",
                                    "CONSUMER reply to reserve",
                                    "CONSUMER handle credit",
                                    "CONSUMER reply to credit",
                                    "CONSUMER handle release",
                                    "CONSUMER reply to reserve"));
            List<SpanData> all = spans(bank, transfers).toList();
            SpanData start = all.stream()
                    .filter(span -> span.getName().startsWith("start"))
                    .findFirst()
                    .orElseThrow();
            assertThat(all).allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(start.getTraceId()));
            assertThat(all)
                    .filteredOn(span -> span.getKind() == SpanKind.CONSUMER)
                    .allSatisfy(span -> {
                        assertThat(span.getParentSpanId()).isEqualTo(start.getSpanId());
                        assertThat(span.getAttributes().get(AttributeKey.stringKey("saga.id")))
                                .isEqualTo(id.toString());
                        assertThat(span.getAttributes().get(AttributeKey.stringKey("saga.link")))
                                .isEqualTo("https://shop.example/amends/sagas/" + id);
                        assertThat(span.getAttributes().get(AttributeKey.stringKey("messaging.destination.name")))
                                .startsWith("saga.traced-");
                    });
            assertThat(new JdbcTemplate(transfers.getBean(DataSource.class))
                            .queryForObject("select trace_id from saga_instance where saga_id = ?", String.class, id))
                    .isEqualTo(start.getTraceId());
        }
    }

    private static List<String> named(ConfigurableApplicationContext... applications) {
        return spans(applications)
                .map(span -> span.getKind() + " " + span.getName())
                .toList();
    }

    private static Stream<SpanData> spans(ConfigurableApplicationContext... applications) {
        return Stream.of(applications).flatMap(application -> application.getBean(Spans.class).ended().stream());
    }

    private static SagaPhase phase(Sagas sagas, UUID id) {
        return sagas.find(id).map(SagaSnapshot::phase).orElseThrow();
    }

    private static ConfigurableApplicationContext run(Class<?> application) {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.main.web-application-type", "none");
        properties.put("spring.datasource.url", postgres.freshDatabase());
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        properties.put("saga.topics.partitions", "1");
        properties.put("saga.console.url", "https://shop.example/amends");
        properties.put("management.tracing.sampling.probability", "1.0");
        return new SpringApplicationBuilder(application).properties(properties).run();
    }
}
