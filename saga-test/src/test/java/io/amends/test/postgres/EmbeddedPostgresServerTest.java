package io.amends.test.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedPostgresServerTest {

    @ParameterizedTest
    @CsvSource({"fsync,on", "synchronous_commit,on", "full_page_writes,on", "max_prepared_transactions,64"})
    void is_as_durable_as_in_production(String setting, String expected) throws SQLException {
        String url = EmbeddedPostgresServer.shared().freshDatabase();
        assertThat(query(url, "show " + setting)).isEqualTo(expected);
    }

    @Test
    void keeps_port_and_data_over_a_restart() throws SQLException {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start()) {
            String url = server.freshDatabase();
            query(url, "create table kept as select 42 as answer; select 1");
            server.restart();
            assertThat(query(url, "select answer from kept")).isEqualTo("42");
        }
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
