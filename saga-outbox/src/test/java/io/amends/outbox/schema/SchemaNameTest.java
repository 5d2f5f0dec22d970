package io.amends.outbox.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

class SchemaNameTest {

    private final PGSimpleDataSource database = new PGSimpleDataSource();

    @BeforeEach
    void connect() {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        database.setURL(server.freshDatabase());
        database.setUser(server.username());
        database.setPassword(server.password());
    }

    @Test
    void the_tables_are_made_in_the_named_schema_and_nowhere_else() {
        database.setCurrentSchema("public,amends");
        apply(SchemaMode.MIGRATE);
        assertThat(schemas()).containsExactly("amends");
        apply(SchemaMode.MIGRATE);
        apply(SchemaMode.VALIDATE);
        assertThat(new JdbcTemplate(database).queryForObject("select count(*) from saga_lane", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void connections_that_do_not_look_there_are_refused_with_what_to_set() {
        assertThatThrownBy(() -> apply(SchemaMode.MIGRATE))
                .isInstanceOf(SchemaOutdatedException.class)
                .hasMessage(
                        "saga.schema.name is amends, but connections find no saga_outbox there: their search_path is"
                                + " \"$user\", public. Set spring.datasource.hikari.schema=amends, or add"
                                + " ?currentSchema=public,amends to spring.datasource.url.");
    }

    @Test
    void connections_that_find_other_tables_first_are_refused() {
        new SagaSchema(database, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX)).apply();
        database.setCurrentSchema("public,amends");
        assertThatThrownBy(() -> apply(SchemaMode.MIGRATE))
                .isInstanceOf(SchemaOutdatedException.class)
                .hasMessageContaining("connections find the saga_outbox of schema public first");
    }

    private void apply(SchemaMode mode) {
        new SagaSchema(database, mode, List.of(SagaSchema.OUTBOX), "amends").apply();
    }

    private List<String> schemas() {
        return new JdbcTemplate(database)
                .queryForList(
                        "select distinct table_schema from information_schema.tables where table_name like 'saga%'",
                        String.class);
    }
}
