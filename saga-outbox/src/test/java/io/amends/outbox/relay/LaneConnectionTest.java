package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.amends.outbox.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

class LaneConnectionTest {

    private final TestDatabase database = TestDatabase.empty();
    private final HikariPoolMXBean pool;
    private final RelayConnections connections = new RelayConnections(database.dataSource());
    private final Semaphore keepers = new Semaphore(1);
    private final AtomicLong now = new AtomicLong();
    private final LaneConnection first = new LaneConnection(connections, keepers, now::get);
    private final LaneConnection second = new LaneConnection(connections, keepers, now::get);

    LaneConnectionTest() {
        database.jdbc().execute("select 1");
        pool = ((HikariDataSource) database.dataSource()).getHikariPoolMXBean();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_first_lane_keeps_its_connection_from_call_to_call() throws SQLException {
        assertThat(first.call(LaneConnectionTest::backend)).isEqualTo(first.call(LaneConnectionTest::backend));
        assertThat(pool.getActiveConnections()).isEqualTo(1);
    }

    @Test
    void the_other_lanes_borrow_one_for_each_call_until_the_first_gives_its_own_back() throws SQLException {
        first.call(LaneConnectionTest::backend);
        second.call(LaneConnectionTest::backend);
        assertThat(pool.getActiveConnections()).isEqualTo(1);

        first.close();
        assertThat(pool.getActiveConnections()).isZero();
        second.call(LaneConnectionTest::backend);
        assertThat(pool.getActiveConnections()).isEqualTo(1);
    }

    @Test
    void after_a_minute_the_pool_gets_it_back_so_that_it_may_renew_it() throws SQLException {
        int backend = first.call(LaneConnectionTest::backend);
        pool.softEvictConnections();
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(first.call(LaneConnectionTest::backend)).isEqualTo(backend);

        now.incrementAndGet();
        assertThat(first.call(LaneConnectionTest::backend)).isNotEqualTo(backend);
    }

    @Test
    void a_connection_on_which_a_call_failed_is_given_back() throws SQLException {
        int backend = first.call(LaneConnectionTest::backend);
        database.jdbc().queryForObject("select pg_terminate_backend(?)", Boolean.class, backend);
        assertThatThrownBy(() -> first.call(LaneConnectionTest::backend)).isInstanceOf(SQLException.class);
        assertThat(pool.getActiveConnections()).isZero();

        assertThat(first.call(LaneConnectionTest::backend)).isNotEqualTo(backend);
        assertThat(pool.getActiveConnections()).isEqualTo(1);
    }

    @Test
    void a_pool_that_gives_none_costs_nobody_the_right_to_keep_one() throws SQLException {
        LaneConnection unlucky = new LaneConnection(
                new RelayConnections(new AbstractDataSource() {
                    @Override
                    public Connection getConnection() throws SQLException {
                        throw new SQLException("none left");
                    }

                    @Override
                    public Connection getConnection(String user, String password) throws SQLException {
                        return getConnection();
                    }
                }),
                keepers,
                now::get);
        assertThatThrownBy(() -> unlucky.call(LaneConnectionTest::backend)).hasMessage("none left");

        first.call(LaneConnectionTest::backend);
        assertThat(pool.getActiveConnections()).isEqualTo(1);
    }

    private static int backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select pg_backend_pid()")) {
            result.next();
            return result.getInt(1);
        }
    }
}
