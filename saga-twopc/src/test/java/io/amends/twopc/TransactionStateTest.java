package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a database tells of a transaction by its number. */
class TransactionStateTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final TwoBanks banks = TwoBanks.open();
    private final JdbcParticipant bank = new JdbcParticipant(TwoBanks.A, banks.poolA);

    @AfterEach
    void close() {
        banks.close();
    }

    @Test
    void a_transaction_that_runs_is_unsettled_also_if_it_is_the_youngest() throws Exception {
        try (Connection connection = banks.poolA.getConnection()) {
            connection.setAutoCommit(false);
            String xid = xidOf(connection);

            assertThat(bank.states(List.of(xid), LIMIT)).containsEntry(xid, BranchState.UNSETTLED);
            connection.commit();
            assertThat(bank.states(List.of(xid), LIMIT)).containsEntry(xid, BranchState.COMMITTED);
            connection.setAutoCommit(true);
        }
    }

    @Test
    void a_number_that_no_transaction_has_had_yet_is_unknown() throws Exception {
        try (Connection connection = banks.poolA.getConnection()) {
            long xid = Long.parseLong(xidOf(connection));
            for (long ahead :
                    List.of(1_000_000L, 1L << 31, 3L << 30, 1L << 32, (1L << 32) - 10, Long.MAX_VALUE - xid)) {
                String number = Long.toString(xid + ahead);
                assertThat(bank.states(List.of(number), LIMIT))
                        .as("%d ahead", ahead)
                        .containsEntry(number, BranchState.UNKNOWN);
            }
        }
    }

    private static String xidOf(Connection connection) throws SQLException {
        try (ResultSet row = connection.createStatement().executeQuery("select pg_current_xact_id()")) {
            row.next();
            return row.getString(1);
        }
    }
}
