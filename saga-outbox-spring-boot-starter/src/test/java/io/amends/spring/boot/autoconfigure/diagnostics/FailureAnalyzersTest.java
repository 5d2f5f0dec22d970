package io.amends.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.relay.RelayRefusedException;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.kafka.KafkaUnreachableException;
import io.amends.spring.boot.autoconfigure.kafka.MissingTopicsException;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.transport.MissingReceiversException;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

class FailureAnalyzersTest {

    private static final String PLACE = "jdbc:postgresql://db1:5432,db2/shop?user=amends&password=secret";

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void invalid_settings_are_listed() {
        FailureAnalysis analysis = analyze(new InvalidSagaPropertiesException(
                List.of("saga.relay.chunk-size is 0, but must be from 1 to 10000.")));

        assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
                1 saga.* setting can't be used:
                - saga.relay.chunk-size is 0, but must be from 1 to 10000.""");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Change the settings named above in the application's configuration, or remove them: each has a default that works.");
    }

    @Test
    void a_start_that_may_only_look_and_finds_outdated_tables_is_told_which_script_is_missing_and_what_to_do() {
        DataSource database = migrated();
        // As before that script was there, for whoever looks.
        new JdbcTemplate(database).update("delete from saga_schema_history where version = '1.004'");
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceTransactionManagerAutoConfiguration.class, OutboxAutoConfiguration.class))
                .withBean(DataSource.class, () -> database)
                .withPropertyValues("saga.schema.mode=validate", "saga.transport=postgresql")
                .run(context -> failure.set(context.getStartupFailure()));

        FailureAnalysis analysis = Analyses.of(Objects.requireNonNull(failure.get()));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "The tables of Amends are not as this version needs them: 1.004 operations was not run. Set saga.schema.mode=migrate, or run the script that SagaSchema.script prints with a role that may.");
        assertThat(analysis.getAction()).isNull();
    }

    private static DataSource migrated() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(postgres.freshDatabase());
        database.setUser(postgres.username());
        database.setPassword(postgres.password());
        new SagaSchema(database, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX)).apply();
        return database;
    }

    @Test
    void a_database_that_no_relay_may_work_on_is_told_in_the_words_of_who_looked() {
        FailureAnalysis analysis = analyze(new RelayRefusedException("The database is read-only."));

        assertThat(analysis.getDescription()).isEqualTo("The database is read-only.");
        assertThat(analysis.getAction()).isNull();
    }

    @Test
    void an_unreachable_kafka_is_one_line_with_place_and_property() {
        FailureAnalysis analysis =
                analyze(new KafkaUnreachableException("k1:9092,k2:9092", "no answer within 30s", null));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "Kafka is not reachable at k1:9092,k2:9092 (no answer within 30s): start it, or set spring.kafka.bootstrap-servers to where it is.");
        assertThat(analysis.getAction()).isNull();
    }

    @Test
    void a_kafka_whose_place_was_left_empty_is_told_with_what_to_set() {
        FailureAnalysis analysis = analyze(new KafkaUnreachableException("", "no urls given", null));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "spring.kafka.bootstrap-servers is empty: set it to where Kafka is, such as localhost:9092, or set saga.transport=postgresql to go without Kafka.");
        assertThat(analysis.getAction()).isNull();
    }

    @Test
    void without_kafka_messages_that_nobody_takes_are_listed() {
        FailureAnalysis analysis = analyze(new MissingReceiversException(List.of("saga.courier.commands")));

        assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
                Without Kafka messages reach this application only, and nothing in it takes those of:
                - saga.courier.commands""");
        assertThat(analysis.getAction()).contains("Add the participants", "saga.transport=kafka");
    }

    @Test
    void missing_topics_are_listed() {
        FailureAnalysis analysis =
                analyze(new MissingTopicsException(List.of("saga.bank-a.commands", "saga.transfer.replies")));

        assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
                Kafka lacks topics that this service reads or writes:
                - saga.bank-a.commands
                - saga.transfer.replies""");
        assertThat(analysis.getAction())
                .isEqualTo("Create them, or set saga.topics.create=true to have missing topics made at the start.");
    }

    @Test
    void an_unreachable_postgresql_is_one_line_with_place_and_property_but_without_credentials() {
        environment.setProperty("spring.datasource.url", PLACE);

        FailureAnalysis analysis = analyze(refused());

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "PostgreSQL is not reachable at db1:5432,db2/shop (Connection refused): start it, or set spring.datasource.url to where it is.");
        assertThat(analysis.getAction()).isNull();
    }

    @Test
    void an_unreachable_postgresql_is_recognised_behind_migrations_and_connection_pools() {
        environment.setProperty("spring.datasource.url", PLACE);

        assertThat(analyze(new FlywayException("Unable to obtain connection", refused()))
                        .getDescription())
                .startsWith("PostgreSQL is not reachable at db1:5432,db2/shop (Connection refused):");
        assertThat(analyze(new SQLTransientConnectionException(
                                "pool - Connection is not available", "08001", refused()))
                        .getDescription())
                .startsWith("PostgreSQL is not reachable at db1:5432,db2/shop (Connection refused):");
    }

    @Test
    void an_unknown_database_host_is_named() {
        environment.setProperty("spring.datasource.url", PLACE);

        assertThat(analyze(new PSQLException(
                                "The connection attempt failed.",
                                PSQLState.CONNECTION_UNABLE_TO_CONNECT,
                                new UnknownHostException("db1")))
                        .getDescription())
                .startsWith("PostgreSQL is not reachable at db1:5432,db2/shop (unknown host db1):");
    }

    @Test
    void of_several_databases_the_one_that_is_away_is_named() {
        environment.setProperty("spring.datasource.url", "jdbc:postgresql://db7/reports");

        assertThat(analyze(refused()).getDescription())
                .isEqualTo(
                        "PostgreSQL is not reachable at db1:5432 (Connection refused): start it, or set the address of the DataSource that is there, which is not that of spring.datasource.url.");
        environment.setProperty("spring.datasource.url", "jdbc:postgresql://db1/shop");
        assertThat(analyze(refused()).getDescription()).startsWith("PostgreSQL is not reachable at db1/shop (");
    }

    @Test
    void where_the_url_is_not_a_property_the_driver_says_the_place() {
        assertThat(analyze(new PSQLException(
                                "Connection to db1:5432 refused. Check that the hostname and port are correct.",
                                PSQLState.CONNECTION_UNABLE_TO_CONNECT))
                        .getDescription())
                .isEqualTo(
                        "PostgreSQL is not reachable (Connection to db1:5432 refused): start it, or set spring.datasource.url to where it is.");
    }

    @Test
    void a_database_that_is_not_there_is_told_with_what_to_do() {
        environment.setProperty("spring.datasource.url", PLACE);

        FailureAnalysis analysis = analyze(new FlywayException(
                "Unable to obtain connection", new SQLException("FATAL: database \"shop\" does not exist", "3D000")));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "PostgreSQL at db1:5432,db2/shop refuses the connection (FATAL: database \"shop\" does not exist).");
        assertThat(analysis.getAction())
                .isEqualTo("Create the database, or set spring.datasource.url to one that is there.");
    }

    @Test
    void a_role_or_password_that_is_not_let_in_is_told_with_what_to_do() {
        assertThat(analyze(refusedWith(
                                "FATAL: password authentication failed for user \"ann\"", PSQLState.INVALID_PASSWORD))
                        .getAction())
                .startsWith("Set spring.datasource.username and spring.datasource.password");
        assertThat(analyze(refusedWith(
                                "FATAL: role \"ann\" does not exist", PSQLState.INVALID_AUTHORIZATION_SPECIFICATION))
                        .getDescription())
                .isEqualTo("PostgreSQL refuses the connection (FATAL: role \"ann\" does not exist).");
    }

    @Test
    void a_missing_table_of_ours_is_told_with_what_to_do_and_a_missing_one_of_others_is_not() {
        FailureAnalysis analysis =
                analyze(new SQLException("ERROR: relation \"saga_instance\" does not exist", "42P01"));

        assertThat(analysis.getDescription())
                .isEqualTo("The database has no table saga_instance, or connections do not look into its schema.");
        assertThat(analysis.getAction()).contains("saga.schema.mode=migrate");
        assertThat(Analyses.of(new SQLException("ERROR: relation \"orders\" does not exist", "42P01"), environment))
                .isEmpty();
    }

    @Test
    void other_sql_errors_and_other_databases_are_left_to_others() {
        assertThat(Analyses.of(new SQLException("syntax error", "42601"), environment))
                .isEmpty();
        environment.setProperty("spring.datasource.url", "jdbc:mariadb://db1/shop");
        assertThat(Analyses.of(new SQLException("connection refused", "08000"), environment))
                .isEmpty();
    }

    private static PSQLException refusedWith(String words, PSQLState state) {
        return new PSQLException(words, state);
    }

    private static PSQLException refused() {
        return new PSQLException(
                "Connection to db1:5432 refused. Check that the hostname and port are correct.",
                PSQLState.CONNECTION_UNABLE_TO_CONNECT,
                new ConnectException("Connection refused"));
    }

    private FailureAnalysis analyze(Throwable cause) {
        return Analyses.of(cause, environment).orElseThrow();
    }
}
