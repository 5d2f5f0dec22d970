package io.amends.cli;

import static org.awaitility.Awaitility.await;

import io.amends.cli.BakeryApplication.Loaf;
import io.amends.cli.BakeryApplication.LoafSaga;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A terminal at the bakery. */
abstract class AtTheBakery {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static ConfigurableApplicationContext bakery;
    static JdbcTemplate jdbc;
    private static String url;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Map<String, String> environment = new HashMap<>();

    @BeforeAll
    static void open() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.application.name", "bakery");
        properties.put("spring.datasource.url", postgres.freshDatabase());
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        properties.put("server.port", "0");
        properties.put("server.address", "127.0.0.1");
        properties.put("saga.topics.partitions", "1");
        properties.put("saga.orchestrator.timer-interval", "50ms");
        properties.put("saga.participant.redelivery-attempts", "1");
        properties.put("saga.flow.breaker.enabled", "false");
        properties.put("saga.console.enabled", "true");
        properties.put("saga.console.four-eyes", "resolve");
        properties.put("saga.console.edit", "true");
        bakery = new SpringApplicationBuilder(BakeryApplication.class)
                .properties(properties)
                .run();
        jdbc = bakery.getBean(JdbcTemplate.class);
        url = "http://127.0.0.1:%s/amends".formatted(bakery.getEnvironment().getProperty("local.server.port"));
    }

    @AfterAll
    static void close() {
        bakery.close();
    }

    @BeforeEach
    void ann() {
        BakeryApplication.BROKEN.set(false);
        environment.put("AMENDS_URL", url);
        environment.put("AMENDS_USER", "ann");
        environment.put("AMENDS_PASSWORD", "ann's");
        jdbc.update("update saga_instance set phase = 'COMPLETED', stuck_since = null");
    }

    ExitCode run(String... arguments) {
        out.reset();
        err.reset();
        return new Cli(
                        environment,
                        question -> null,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(said());
    }

    static UUID stuck(String key) {
        BakeryApplication.BROKEN.set(true);
        UUID id = bakery.getBean(Sagas.class)
                .start(LoafSaga.class, new Loaf(key), SagaKey.of(key))
                .sagaId();
        await().atMost(PATIENCE).until(() -> phase(id).equals("STUCK"));
        return id;
    }

    static String phase(UUID id) {
        return String.valueOf(
                jdbc.queryForObject("select phase from saga_instance where saga_id = ?", String.class, id));
    }

    void as(String user) {
        environment.put("AMENDS_USER", user);
        environment.put("AMENDS_PASSWORD", user + "'s");
    }
}
