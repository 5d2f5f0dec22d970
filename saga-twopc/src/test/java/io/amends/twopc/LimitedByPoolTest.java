package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitedByPoolTest {

    private static final TwoPhaseSettings HASTY = RecoveryTest.working(Duration.ofSeconds(1));

    private final TwoBanks banks = TwoBanks.open();
    private final HikariDataSource pool = new HikariDataSource();

    LimitedByPoolTest() {
        pool.setJdbcUrl(banks.poolA.getJdbcUrl());
        pool.setUsername(banks.server.username());
        pool.setPassword(banks.server.password());
        pool.setConnectionInitSql(JdbcParticipant.limits(HASTY));
    }

    @AfterEach
    void close() {
        pool.close();
        banks.close();
    }

    private TwoPhaseTransactions transactions(JdbcParticipant participant) {
        return new TwoPhaseTransactions(
                new CoordinatorName(TwoBanks.INSTALLATION, "one"),
                banks.log(),
                List.of(participant),
                HASTY,
                () -> TwoBanks.newId().value(),
                () -> 0.5);
    }

    @Test
    void a_statement_of_a_branch_ends_by_the_limit_of_its_connection() {
        try (TwoPhaseTransactions transactions = transactions(JdbcParticipant.limitedByPool(TwoBanks.A, pool))) {
            transactions.start();

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> transactions.executeWithoutResult(
                            transaction -> transaction.branch(TwoBanks.A, LimitedByPoolTest::sleep)))
                    .satisfies(cancelled -> assertThat(cancelled.getSQLState()).isEqualTo("57014"));
        }
    }

    private static void sleep(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_sleep(20)");
        }
    }

    @Test
    void a_branch_sets_no_limit_where_the_pool_does() throws SQLException {
        try (TwoPhaseTransactions limitedByPool = transactions(JdbcParticipant.limitedByPool(TwoBanks.A, banks.poolA));
                TwoPhaseTransactions limitedBySelf = transactions(new JdbcParticipant(TwoBanks.A, banks.poolA))) {
            assertThat(statementTimeout(limitedByPool)).isEqualTo("0");
            assertThat(statementTimeout(limitedBySelf)).isNotEqualTo("0");
        }
    }

    private static String statementTimeout(TwoPhaseTransactions transactions) throws SQLException {
        return transactions.execute(transaction -> transaction.query(TwoBanks.A, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("show statement_timeout")) {
                row.next();
                return row.getString(1);
            }
        }));
    }

    @Test
    void a_pool_without_limits_is_refused_at_the_start() {
        try (TwoPhaseTransactions transactions = transactions(JdbcParticipant.limitedByPool(TwoBanks.A, banks.poolA))) {
            assertThatExceptionOfType(TwoPhaseRefusedException.class)
                    .isThrownBy(transactions::start)
                    .withMessageContaining("statement_timeout")
                    .withMessageContaining("JdbcParticipant.limits(settings)");
        }
    }
}
