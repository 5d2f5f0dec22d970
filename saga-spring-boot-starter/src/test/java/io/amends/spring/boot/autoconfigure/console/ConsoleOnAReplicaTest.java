package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.dashboard.database.BoundedReads;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A console that reads a hot standby, which streams from the primary, and orders at the primary. */
class ConsoleOnAReplicaTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static EmbeddedPostgresServer primary;
    private static EmbeddedPostgresServer standby;
    private static JdbcTemplate replica;
    private static Shop shop;

    @TestConfiguration
    static class ReadsAReplica {

        @Bean
        BoundedReads replicaReads() {
            return new BoundedReads(database(standby), Duration.ofSeconds(20));
        }
    }

    private static DriverManagerDataSource database(EmbeddedPostgresServer server) {
        return new DriverManagerDataSource(server.jdbcUrl("shop"), server.username(), server.password());
    }

    @BeforeAll
    static void start() throws Exception {
        primary = EmbeddedPostgresServer.start(directory.resolve("primary"), Map.of());
        primary.createDatabase("shop");
        standby = Standby.of(primary, directory.resolve("primary"), directory.resolve("standby"));
        replica = new JdbcTemplate(database(standby));
        shop = Shop.securedWith(ReadsAReplica.class, "--spring.datasource.url=" + primary.jdbcUrl("shop"));
    }

    @AfterAll
    static void stop() {
        shop.close();
        standby.close();
        primary.close();
    }

    private static Answer stuck() {
        return shop.get("/api/v1/stuck?size=500").by("viewer").send();
    }

    private static void awaitReplay() {
        String end = shop.jdbc.queryForObject("select pg_current_wal_lsn()::text", String.class);
        await().atMost(PATIENCE)
                .until(() ->
                        replica.queryForObject("select pg_last_wal_replay_lsn() >= ?::pg_lsn", Boolean.class, end));
    }

    @Test
    void what_the_replica_has_not_got_yet_is_not_shown_and_orders_are_carried_out_at_the_primary() {
        assertThat(replica.queryForObject("select pg_is_in_recovery()", Boolean.class))
                .isTrue();
        UUID first = shop.stuck("first");
        awaitReplay();
        assertThat(stuck().text()).contains(first.toString());

        replica.execute("select pg_wal_replay_pause()");
        UUID second = shop.stuck("second");
        assertThat(stuck().text()).contains(first.toString()).doesNotContain(second.toString());
        Answer skipped = shop.order(
                        first, "skip", shop.revision(first), "{\"reason\":\"paid in cash\",\"step\":\"charge\"}")
                .by("admin")
                .send();
        assertThat(skipped.status()).as(skipped.text()).isEqualTo(200);
        assertThat(stuck().text()).as("the page is as old as the replica").contains(first.toString());
        replica.execute("select pg_wal_replay_resume()");
        awaitReplay();

        assertThat(stuck().text()).contains(second.toString()).doesNotContain(first.toString());
        assertThat(shop.get("/api/v1/audit?saga=" + first).by("viewer").send().text())
                .contains("paid in cash");
    }

    @Test
    void every_page_can_be_read_from_a_replica() {
        UUID id = shop.stuck("routes");
        awaitReplay();
        List<String> failed = shop.routes().stream()
                .filter(route -> route.method().equals("GET") && route.path().startsWith("/api/"))
                .map(route -> route.path().replace("{id}", id.toString()).replaceAll("\\{[a-zA-Z*]+}", "17"))
                .filter(path -> shop.get(path).by("admin").send().status() >= 500)
                .toList();

        assertThat(failed).isEmpty();
        assertThat(shop.get("/api/v1/sagas/" + id).by("viewer").send().status()).isEqualTo(200);
        assertThat(shop.get("/api/v1/outbox").by("viewer").send().status()).isEqualTo(200);
        assertThat(shop.get("/api/v1/sagas?q=phase:STUCK").by("viewer").send().text())
                .contains(id.toString());
    }
}
