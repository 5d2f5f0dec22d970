package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.TestDatabase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A server that crashed hands out again the numbers of transactions that had not reached the disk. A lane that borrows a
 * connection for each call need not notice a crash by any error.
 */
class CrashedServerTest {

    private static final String INSERT = """
            insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
            values (gen_random_uuid(), 'orders', 'k', 'noted', '', '', 0)""";

    @Test
    void a_cursor_that_is_newer_than_the_server_is_neither_used_nor_saved() throws SQLException {
        try (EmbeddedPostgresServer server =
                        EmbeddedPostgresServer.start(null, Map.of("wal_writer_delay", "10s", "autovacuum", "off"));
                TestDatabase database = TestDatabase.migrated(server)) {
            DriverManagerDataSource unpooled =
                    new DriverManagerDataSource(database.url(), server.username(), server.password());
            SnapshotDeltaSource source = new SnapshotDeltaSource(unpooled);
            JdbcTemplate jdbc = new JdbcTemplate(unpooled);
            jdbc.update("update saga_lane set owner = 'me', epoch = 7");
            Lease lease = new Lease(0, "me", 7);
            // The only connection that is kept is another's.
            LaneReader other = source.open(lease);
            other.read(10);
            LaneReader reader = source.open(lease);
            drawNumbers(unpooled);
            Batch before = reader.read(10);
            String cursor = ((Cursor) before.after()).to();

            server.crash();
            server.restart();
            jdbc.update(INSERT);

            assertThat(jdbc.queryForObject(
                            "select pg_visible_in_snapshot(xid, ?::pg_snapshot) from saga_outbox",
                            Boolean.class,
                            cursor))
                    .as("the new message looks published to who believes the cursor")
                    .isTrue();
            assertThatThrownBy(() -> reader.read(10))
                    .isInstanceOf(ServerRunEndedException.class)
                    .hasMessageContaining("crash")
                    .hasMessageContaining("lane 0");
            reader.settle(
                    new Batch(List.of(), List.of(1L), false, before.from(), before.after()), Set.of(), Set.of(1L));
            assertThatThrownBy(() -> reader.save(true)).isInstanceOf(FencedException.class);
            assertThat(source.open(lease).read(10).positions()).containsExactly(1L);
        }
    }

    /** Of transactions that write nothing the log has no more than their end, which nobody waits for. */
    private static void drawNumbers(DriverManagerDataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 50; i++) {
                try (ResultSet number = statement.executeQuery("select pg_current_xact_id()::text")) {
                    number.next();
                }
            }
        }
    }
}
