package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.TestDatabase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A real standby that follows its primary: refused while it is one, and of use when it has taken over. */
class StandbyTest {

    private static final String INSERT = """
            insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
            values (gen_random_uuid(), 'orders', 'k', 'noted', '', '', 0)""";

    private final Lease lease = new Lease(0, "me", 7);

    @Test
    void a_relay_refuses_a_standby_and_goes_on_where_the_primary_left_off_once_it_is_promoted(@TempDir Path folder)
            throws SQLException {
        try (EmbeddedPostgresServer primary = EmbeddedPostgresServer.start(folder.resolve("primary"), Map.of());
                TestDatabase database = TestDatabase.migrated(primary)) {
            String url = database.url();
            // A pool would hand out connections that the restart has broken.
            JdbcTemplate first =
                    new JdbcTemplate(new DriverManagerDataSource(url, primary.username(), primary.password()));
            first.update("update saga_lane set owner = 'me', epoch = 7");
            first.update(INSERT);
            publishOne(new SnapshotDeltaSource(database.dataSource()));
            assertThat(database.count("saga_server_run")).isOne();

            primary.stop();
            copy(folder.resolve("primary"), folder.resolve("standby"));
            follow(folder.resolve("standby").resolve("data"), primary);
            primary.restart();
            try (EmbeddedPostgresServer standby = EmbeddedPostgresServer.start(folder.resolve("standby"), Map.of())) {
                DriverManagerDataSource there = new DriverManagerDataSource(
                        url.replace(":" + primary.port() + "/", ":" + standby.port() + "/"),
                        standby.username(),
                        standby.password());
                assertThatThrownBy(() -> RelayGuard.check(new RelayConnections(there), RelaySettings.DEFAULT))
                        .isInstanceOf(RelayRefusedException.class)
                        .hasMessageContaining("Point it at the primary");

                first.update(INSERT);
                JdbcTemplate jdbc = new JdbcTemplate(there);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> jdbc.queryForObject("select max(position) from saga_outbox", Long.class) == 2);
                primary.crash();
                jdbc.execute("select pg_promote(true, 30)");

                assertThat(jdbc.queryForObject("select count(*) from saga_server_run", Long.class))
                        .as("a standby that takes over is another run of the server")
                        .isZero();
                assertThat(new SnapshotDeltaSource(there).open(lease).read(10).positions())
                        .containsExactly(2L);
            }
        }
    }

    private void publishOne(SnapshotDeltaSource source) throws SQLException {
        try (LaneReader reader = source.open(lease)) {
            Batch batch = reader.read(10);
            assertThat(batch.positions()).containsExactly(1L);
            reader.settle(batch, Set.of(1L), Set.of());
            reader.save(true);
        }
    }

    private static void follow(Path data, EmbeddedPostgresServer primary) {
        try {
            Files.createFile(data.resolve("standby.signal"));
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=localhost port=%d user=%s password=%s'%n"
                            .formatted(primary.port(), primary.username(), primary.password()));
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
