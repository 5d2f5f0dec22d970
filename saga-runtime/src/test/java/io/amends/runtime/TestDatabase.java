package io.amends.runtime;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** An own database with all tables of the library, and an application's: items, and moves of stock. */
public final class TestDatabase implements AutoCloseable {

    private static final SagaSchema.Scripts RUNTIME = new SagaSchema.Scripts(
            "io/amends/runtime/schema",
            List.of(
                    "V2_001__sagas.sql",
                    "V2_010__semantic_locks.sql",
                    "V2_011__flow.sql",
                    "V2_012__deferred_replies.sql",
                    "V2_012_1__sub_sagas.sql",
                    "V2_013__search_attributes.sql",
                    "V2_014__stuck.sql",
                    "V2_015__asked_anew.sql",
                    "V2_016__timeline.sql"));

    private final HikariDataSource pool;

    private TestDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /** On the server that all tests share. */
    public static TestDatabase create() {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        return at(server, server.copyOf(Original.URL));
    }

    /** Migrated once, for all tests of this JVM, of which each gets a copy. */
    private static final class Original {

        static final String URL = make();

        private static String make() {
            try (TestDatabase made = on(EmbeddedPostgresServer.shared())) {
                return made.pool.getJdbcUrl();
            }
        }
    }

    private static TestDatabase at(EmbeddedPostgresServer server, String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(8);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(1_000);
        return new TestDatabase(pool);
    }

    /** On a server of the test's own, which it may stop. */
    public static TestDatabase on(EmbeddedPostgresServer server) {
        TestDatabase made = at(server, server.freshDatabase());
        new SagaSchema(made.pool, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX, RUNTIME)).apply();
        made.jdbc().execute("""
                create table item (name text primary key);
                insert into item values ('book'), ('pen');
                create table stock_move (
                  order_id text not null,
                  item     text not null references item deferrable initially deferred,
                  amount   integer not null)""");
        return made;
    }

    public DataSource dataSource() {
        return pool;
    }

    /** Another pool on the same database, whose connections commit nothing by themselves; close it. */
    public HikariDataSource poolWithoutAutoCommit() {
        HikariDataSource other = new HikariDataSource();
        other.setJdbcUrl(pool.getJdbcUrl());
        other.setUsername(pool.getUsername());
        other.setPassword(pool.getPassword());
        other.setMinimumIdle(0);
        other.setAutoCommit(false);
        return other;
    }

    /** Looks past the tests' own watch on the statements. */
    public JdbcTemplate jdbc() {
        return new JdbcTemplate(pool);
    }

    /** Empties all tables that a test may have written. */
    public void clear() {
        jdbc().execute("""
                truncate saga_outbox, saga_instance, saga_step, saga_history, saga_inbox_command, saga_inbox_redelivery,
                         saga_inbox_quarantine, saga_deferred_reply, saga_sub_saga, saga_semantic_lock, saga_semantic_lock_waiter,
                         saga_semantic_lock_release, saga_participant_flow, saga_flow_setting, saga_audit,
                         stock_move""");
    }

    public long count(String table) {
        return number("select count(*) from " + table);
    }

    public long number(String sql, Object... arguments) {
        Long number = jdbc().queryForObject(sql, Long.class, arguments);
        return number == null ? 0 : number;
    }

    public List<String> texts(String sql, Object... arguments) {
        return jdbc().queryForList(sql, String.class, arguments);
    }

    public Map<String, Object> row(String sql, Object... arguments) {
        return jdbc().queryForMap(sql, arguments);
    }

    @Override
    public void close() {
        pool.close();
    }
}
