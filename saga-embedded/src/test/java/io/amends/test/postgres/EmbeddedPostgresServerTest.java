package io.amends.test.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.amends.test.directory.ServerDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedPostgresServerTest {

    @ParameterizedTest
    @CsvSource({
        "fsync,on",
        "synchronous_commit,on",
        "full_page_writes,on",
        "max_connections,300",
        "max_prepared_transactions,64"
    })
    void is_as_durable_as_in_production(String setting, String expected) throws SQLException {
        String url = EmbeddedPostgresServer.shared().freshDatabase();
        assertThat(query(url, "show " + setting)).isEqualTo(expected);
    }

    @Test
    void is_version_18() throws SQLException {
        String url = EmbeddedPostgresServer.shared().jdbcUrl("postgres");
        assertThat(query(url, "show server_version")).startsWith("18.");
    }

    @Test
    void gives_every_test_an_empty_database_of_its_own() throws SQLException {
        String one = EmbeddedPostgresServer.shared().freshDatabase();
        String other = EmbeddedPostgresServer.shared().freshDatabase();
        query(one, "create table mine as select 1; select 1");
        assertThat(query(other, "select count(*) from pg_tables where tablename = 'mine'"))
                .isEqualTo("0");
    }

    @Test
    void makes_a_named_database_once() throws SQLException {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        server.createDatabase("named");
        server.createDatabase("named");
        assertThat(query(server.jdbcUrl("named"), "select current_database()")).isEqualTo("named");
    }

    @Test
    void copies_a_database_with_all_that_it_has() throws SQLException {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        String original = server.freshDatabase();
        query(original, "create table kept as select 42 as answer; select 1");
        String copy = server.copyOf(original);
        query(copy, "update kept set answer = 43; select 1");
        assertThat(query(copy, "select answer from kept")).isEqualTo("43");
        assertThat(query(original, "select answer from kept")).isEqualTo("42");
        assertThat(query(server.copyOf(original), "select answer from kept")).isEqualTo("42");
    }

    @Test
    void refuses_a_database_name_that_could_be_sql() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedPostgresServer.shared().createDatabase("x; drop database postgres"))
                .withMessageContaining("lower case letters");
    }

    @Test
    void keeps_port_and_data_over_a_restart_and_a_crash() throws SQLException {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start()) {
            String url = server.freshDatabase();
            query(url, "create table kept as select 42 as answer; select 1");
            server.stop();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(url, "select 1"));
            server.restart();
            assertThat(query(url, "select answer from kept")).isEqualTo("42");
            server.restart();
            assertThat(query(url, "select answer from kept")).isEqualTo("42");
            query(url, "update kept set answer = 43; select 1");
            server.crash();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(url, "select 1"));
            server.restart();
            assertThat(query(url, "select answer from kept")).isEqualTo("43");
        }
    }

    @Test
    void finds_the_data_of_a_named_directory_again(@TempDir Path directory) throws SQLException {
        try (EmbeddedPostgresServer first = EmbeddedPostgresServer.start(directory, Map.of())) {
            first.createDatabase("kept");
        }
        assertThat(directory.resolve("postgres.log")).content().contains("database system is shut down");
        try (EmbeddedPostgresServer second = EmbeddedPostgresServer.start(directory, Map.of("work_mem", "5MB"))) {
            assertThat(query(second.jdbcUrl("kept"), "show work_mem")).isEqualTo("5MB");
            assertThat(query(second.jdbcUrl("kept"), "show checkpoint_timeout")).isEqualTo("5min");
        }
        assertThat(directory.resolve("postgres.log"))
                .content()
                .doesNotContain("not properly shut down", "immediate shutdown");
    }

    @Test
    void ends_at_once_and_leaves_nothing_where_nobody_named_a_directory(@TempDir Path parent) throws IOException {
        Path log = parent.resolve("log");
        ServerDirectory directory = ServerDirectory.temporary("amends-ends-at-once");
        PostgresProcess process = new PostgresProcess(directory, Map.of());
        process.open();
        Files.createLink(log, directory.path().resolve("postgres.log"));

        process.end();

        assertThat(log)
                .content()
                .contains("received immediate shutdown request")
                .doesNotContain("checkpoint complete");
        assertThat(directory.path()).doesNotExist();
        process.end();
    }

    private static String query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            boolean result = statement.execute(sql);
            while (!result) {
                result = statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
