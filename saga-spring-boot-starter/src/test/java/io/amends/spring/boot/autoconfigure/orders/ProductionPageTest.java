package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Runs the SQL of docs/guides/running-in-production.md. */
class ProductionPageTest {

    private static final EmbeddedPostgresServer POSTGRES = EmbeddedPostgresServer.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of("../docs/guides/running-in-production.md"));
    }

    @Test
    void a_role_with_these_grants_alone_runs_sagas_and_empties_the_outbox() {
        String database = POSTGRES.freshDatabase();
        JdbcTemplate owner = jdbc(database);
        Servers.run(database).close();
        String role = "shop_app_" + ProcessHandle.current().pid();
        owner.execute(block("ProductionPageTest runs the grants").replace("shop_app", role));
        // The shop's own tables are its own matter.
        owner.execute("grant select, insert, update, delete on all tables in schema public to " + role);

        try (ConfigurableApplicationContext application = Servers.run(
                database,
                "--spring.datasource.username=" + role,
                "--spring.flyway.enabled=false",
                "--saga.schema.mode=validate")) {
            ended(application, "granted", SagaPhase.COMPLETED, 5);
            assertThat(application.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class))
                    .isEqualTo(role);
            Integer segment = owner.queryForObject(
                    "select ((date_part('epoch', clock_timestamp())::bigint >> 6) & 7)::int", Integer.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(application
                                    .getBean(JdbcTemplate.class)
                                    .queryForObject("select saga_outbox_truncate(?)", String.class, (segment + 4) % 8))
                            .isEqualTo("TRUNCATED"));
        } finally {
            owner.execute("drop owned by " + role);
            owner.execute("drop role " + role);
        }
    }

    private static StartedSaga ended(ConfigurableApplicationContext application, String id, SagaPhase how, int price) {
        Sagas sagas = application.getBean(Sagas.class);
        StartedSaga started = sagas.start(OrderSaga.class, new Order(id, price), SagaKey.of(id));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sagas.find(started.sagaId()).map(SagaSnapshot::phase))
                        .contains(how));
        return started;
    }

    private static String block(String mark) {
        Matcher found = Pattern.compile("<!-- " + mark + " -->\\n```sql\\n(.*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(found.find()).as(mark).isTrue();
        return found.group(1);
    }

    private static JdbcTemplate jdbc(String database) {
        return new JdbcTemplate(new DriverManagerDataSource(database, POSTGRES.username(), POSTGRES.password()));
    }
}
