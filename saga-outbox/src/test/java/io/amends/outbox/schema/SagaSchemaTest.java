package io.amends.outbox.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SagaSchemaTest {

    private static final SagaSchema.Scripts LATER =
            new SagaSchema.Scripts("later/module", List.of("V9_001__later.sql"));

    /** But for the segments and the inbox's days. */
    private static final List<String> OUTBOX_TABLES = List.of(
            "saga_inbox",
            "saga_inbox_audit",
            "saga_inbox_default",
            "saga_inbox_other",
            "saga_inbox_parked",
            "saga_inbox_parked_key",
            "saga_inbox_partition",
            "saga_lane",
            "saga_outbox",
            "saga_outbox_audit",
            "saga_outbox_pending",
            "saga_parked",
            "saga_parked_key",
            "saga_relay",
            "saga_server_run");

    private final TestDatabase database = TestDatabase.empty();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void migrating_creates_the_tables_and_a_second_time_changes_nothing() {
        apply(SchemaMode.MIGRATE);
        assertThat(tables())
                .containsAll(OUTBOX_TABLES)
                .hasSize(OUTBOX_TABLES.size() + 1)
                .contains(SagaSchema.HISTORY_TABLE);
        List<Map<String, Object>> history = history(SagaSchema.HISTORY_TABLE);

        apply(SchemaMode.MIGRATE);

        assertThat(history(SagaSchema.HISTORY_TABLE)).isEqualTo(history);
        assertThat(database.count("saga_lane")).isEqualTo(1);
    }

    @Test
    void by_their_names_alone_the_scripts_are_the_same() {
        new SagaSchema(database.dataSource(), SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX), null, true).apply();
        assertThat(tables()).containsAll(OUTBOX_TABLES);
        List<Map<String, Object>> history = history(SagaSchema.HISTORY_TABLE);

        apply(SchemaMode.VALIDATE);
        apply(SchemaMode.MIGRATE);
        assertThat(history(SagaSchema.HISTORY_TABLE)).isEqualTo(history);
    }

    @Test
    void validating_what_was_migrated_is_content() {
        apply(SchemaMode.MIGRATE);
        assertThatCode(() -> apply(SchemaMode.VALIDATE)).doesNotThrowAnyException();
    }

    @Test
    void validating_an_empty_database_throws_says_what_to_do_and_touches_nothing() {
        assertThatThrownBy(() -> apply(SchemaMode.VALIDATE))
                .isInstanceOf(SchemaOutdatedException.class)
                .hasMessageContaining("saga.schema.mode=migrate")
                .hasMessageContaining("SagaSchema.script");
        assertThat(tables()).isEmpty();
    }

    @Test
    void validating_beside_an_application_s_tables_throws_as_well() {
        application("one").migrate();
        assertThatThrownBy(() -> apply(SchemaMode.VALIDATE)).isInstanceOf(SchemaOutdatedException.class);
    }

    @Test
    void none_touches_nothing() {
        apply(SchemaMode.NONE);
        assertThat(tables()).isEmpty();
    }

    @Test
    void a_module_that_comes_later_with_smaller_numbers_gets_its_tables() {
        new SagaSchema(database.dataSource(), SchemaMode.MIGRATE, List.of(LATER)).apply();
        assertThat(tables()).doesNotContain("saga_outbox");

        List<SagaSchema.Scripts> both = List.of(SagaSchema.OUTBOX, LATER);
        new SagaSchema(database.dataSource(), SchemaMode.MIGRATE, both).apply();

        assertThat(tables()).contains("saga_outbox", "later_module");
        assertThatCode(() -> new SagaSchema(database.dataSource(), SchemaMode.VALIDATE, both).apply())
                .doesNotThrowAnyException();
    }

    @Test
    void a_process_of_an_older_version_starts_on_the_tables_of_a_newer_one() {
        new SagaSchema(database.dataSource(), SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX, LATER)).apply();
        List<Map<String, Object>> history = history(SagaSchema.HISTORY_TABLE);

        apply(SchemaMode.MIGRATE);
        apply(SchemaMode.VALIDATE);

        assertThat(history(SagaSchema.HISTORY_TABLE)).isEqualTo(history);
    }

    @Test
    void the_application_s_own_migrations_do_not_meet_the_library_s() {
        application("one").migrate();
        List<Map<String, Object>> before = history("flyway_schema_history");

        apply(SchemaMode.MIGRATE);
        assertThat(history("flyway_schema_history")).isEqualTo(before);

        assertThat(application("one", "two").migrate().migrationsExecuted).isEqualTo(1);
        assertThat(history("flyway_schema_history")).hasSize(2);
        assertThatCode(() -> apply(SchemaMode.VALIDATE)).doesNotThrowAnyException();
    }

    @Test
    void the_script_by_hand_makes_the_same_tables() {
        String script = SagaSchema.script(List.of(SagaSchema.OUTBOX));
        assertThat(script)
                .contains("create table saga_outbox", "create table saga_lane", "create table saga_parked")
                .contains("create table saga_inbox");
        database.jdbc().execute(script);
        assertThat(tables()).containsExactlyElementsOf(OUTBOX_TABLES);
    }

    @Test
    void what_an_earlier_inbox_has_noted_is_taken_along() {
        List<String> files = SagaSchema.OUTBOX.files();
        int inbox = files.indexOf("V1_003__inbox.sql");
        database.jdbc().execute(script(files.subList(0, inbox)));
        UUID id = UUID.randomUUID();
        database.jdbc().update("insert into saga_inbox (consumer, message_id) values ('billing', ?)", id);

        database.jdbc().execute(script(files.subList(inbox, inbox + 1)));

        assertThat(database.jdbc().queryForList("select message_id from saga_inbox", UUID.class))
                .containsExactly(id);
    }

    private static String script(List<String> files) {
        return SagaSchema.script(List.of(new SagaSchema.Scripts(SagaSchema.OUTBOX.folder(), files)));
    }

    private void apply(SchemaMode mode) {
        new SagaSchema(database.dataSource(), mode, List.of(SagaSchema.OUTBOX)).apply();
    }

    private Flyway application(String... folders) {
        String[] locations = new String[folders.length];
        for (int i = 0; i < folders.length; i++) {
            locations[i] = "classpath:application/migrations/" + folders[i];
        }
        return Flyway.configure()
                .dataSource(database.dataSource())
                .locations(locations)
                .load();
    }

    private List<String> tables() {
        return database.jdbc()
                .queryForList(
                        "select table_name from information_schema.tables where table_schema = 'public' and table_name"
                                + " !~ '_[0-9]+$' order by table_name",
                        String.class);
    }

    private List<Map<String, Object>> history(String table) {
        return database.jdbc().queryForList("select * from " + table + " order by installed_rank");
    }
}
