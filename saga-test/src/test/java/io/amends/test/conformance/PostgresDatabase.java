package io.amends.test.conformance;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A database with the library's tables, which all tests of this JVM share and empty. */
final class PostgresDatabase {

    private static final HikariDataSource POOL = open();

    final HikariDataSource pool = POOL;
    final JdbcTemplate jdbc = new JdbcTemplate(POOL);
    final JdbcTransactionManager transactions = new JdbcTransactionManager(POOL);

    /** Empty. */
    PostgresDatabase() {
        List<String> tables = jdbc.queryForList(
                "select tablename from pg_tables where tablename like 'saga\\_%' and tablename not in ('saga_lane', 'saga_schema_history')",
                String.class);
        jdbc.execute("truncate " + String.join(", ", tables));
    }

    private static HikariDataSource open() {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(server.freshDatabase());
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(6);
        pool.setMinimumIdle(0);
        new SagaSchema(pool, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX, runtime())).apply();
        return pool;
    }

    /** The server's clock can't be moved: every time that is stored is moved back. */
    void timePasses(Duration duration) {
        List.of(
                        "update saga_instance set due_at = due_at - i.i, deadline_at = deadline_at - i.i, paused_until = paused_until - i.i, created_at = created_at - i.i, updated_at = updated_at - i.i",
                        "update saga_step set first_sent_at = first_sent_at - i.i, due_at = due_at - i.i, sla_at = sla_at - i.i, held_since = held_since - i.i, updated_at = updated_at - i.i",
                        "update saga_inbox_redelivery set next_attempt_at = next_attempt_at - i.i")
                .forEach(update -> jdbc.update(
                        update + " from (select ? * interval '1 millisecond' as i) i", duration.toMillis()));
    }

    private static SagaSchema.Scripts runtime() {
        String location = "io/amends/runtime/schema";
        try {
            return new SagaSchema.Scripts(
                    location,
                    Stream.of(new PathMatchingResourcePatternResolver()
                                    .getResources("classpath*:" + location + "/V*.sql"))
                            .map(Resource::getFilename)
                            .map(Objects::requireNonNull)
                            .sorted()
                            .toList());
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
