package io.amends.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An own database on the shared server, with the outbox's tables unless it is asked to be empty. */
public final class TestDatabase implements AutoCloseable {

    static {
        // Awaitility looks ten times a second, and not before a tenth of a second has passed: hundreds of short waits
        // add up.
        Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(
                last -> last.toMillis() < 50 ? last.multipliedBy(2) : Duration.ofMillis(100), Duration.ofMillis(5)));
    }

    private final HikariDataSource pool;

    private TestDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Without any table. */
    public static TestDatabase empty() {
        return empty(EmbeddedPostgresServer.shared());
    }

    private static TestDatabase empty(EmbeddedPostgresServer server) {
        return on(server, server.freshDatabase());
    }

    private static TestDatabase on(EmbeddedPostgresServer server, String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(16);
        pool.setMinimumIdle(0);
        return new TestDatabase(pool);
    }

    /** With the outbox's tables. */
    public static TestDatabase migrated() {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        return on(server, server.copyOf(Original.URL));
    }

    /** Migrated once, for all tests of this JVM, of which each gets a copy. */
    private static final class Original {

        static final String URL = make();

        private static String make() {
            try (TestDatabase made = migrate(EmbeddedPostgresServer.shared())) {
                return made.pool.getJdbcUrl();
            }
        }
    }

    /** With the outbox's tables, on that server. */
    public static TestDatabase migrated(EmbeddedPostgresServer server) {
        return server == EmbeddedPostgresServer.shared() ? migrated() : migrate(server);
    }

    private static TestDatabase migrate(EmbeddedPostgresServer server) {
        TestDatabase made = empty(server);
        new SagaSchema(made.pool, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX)).apply();
        return made;
    }

    public String url() {
        return pool.getJdbcUrl();
    }

    public DataSource dataSource() {
        return pool;
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(pool);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    public long count(String table) {
        Long counted = jdbc().queryForObject("select count(*) from " + table, Long.class);
        return counted == null ? -1 : counted;
    }

    /** The keys in the outbox, in the order of their positions. */
    public List<String> outboxKeys() {
        return jdbc().queryForList("select aggregateid from saga_outbox order by position", String.class);
    }

    public static OutboxMessage message(String topic, String key, byte[] payload) {
        return new OutboxMessage(UUID.randomUUID(), topic, key, "noted", payload, Map.of());
    }

    public static OutboxMessage message(String key) {
        return message("orders", key, new byte[] {1});
    }

    @Override
    public void close() {
        pool.close();
    }
}
