package io.amends.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

/** An application that gets migrations of its own after the tables of Amends were made. */
class NonEmptySchemaTest {

    @Test
    void who_migrates_after_amends_is_told_how_and_then_all_scripts_run(@TempDir Path scripts) throws Exception {
        Files.writeString(scripts.resolve("V1__orders.sql"), "create table orders (id text primary key)");
        DataSource database = database();
        new SagaSchema(database, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX)).apply();
        FluentConfiguration ofTheApplication =
                Flyway.configure().dataSource(database).locations("filesystem:" + scripts);

        FailureAnalysis analysis =
                Analyses.of(catchThrowable(() -> ofTheApplication.load().migrate()));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "The application's migrations were not begun: Flyway finds tables in their schema and no history of its own. The tables of Amends are such, where an earlier start made them.");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Set spring.flyway.baseline-on-migrate=true and spring.flyway.baseline-version=0, and all scripts run, from V1 on. Where the schema has tables of the application too, write instead of 0 the version of the last script that must not run any more.");
        ofTheApplication.baselineOnMigrate(true).baselineVersion("0").load().migrate();
        assertThat(new JdbcTemplate(database).queryForObject("select count(*) from orders", Long.class))
                .isZero();
    }

    @Test
    void what_else_flyway_refuses_is_left_to_others(@TempDir Path scripts) throws Exception {
        Files.writeString(scripts.resolve("V1__orders.sql"), "create table orders (id text primary key");

        Throwable wrong = catchThrowable(() -> Flyway.configure()
                .dataSource(database())
                .locations("filesystem:" + scripts)
                .load()
                .migrate());

        assertThat(wrong).isNotNull();
        assertThat(Analyses.of(wrong, new MockEnvironment())).isEmpty();
    }

    private static DataSource database() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(postgres.freshDatabase());
        database.setUser(postgres.username());
        database.setPassword(postgres.password());
        return database;
    }
}
