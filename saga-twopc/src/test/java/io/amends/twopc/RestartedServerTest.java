package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.Probe.Point;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;

/** The server of both banks and of the log is killed at a point of the protocol, and comes back. */
class RestartedServerTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static EmbeddedPostgresServer server;
    private static TwoBanks banks;

    @BeforeAll
    static void open() {
        server = EmbeddedPostgresServer.start();
        banks = TwoBanks.open(server);
    }

    @AfterAll
    static void close() {
        banks.close();
        server.close();
    }

    @ParameterizedTest
    @MethodSource("io.amends.twopc.CrashPointsTest#points")
    void prepared_branches_and_decisions_outlive_their_server(Point point, String branch, boolean decided)
            throws Exception {
        long before = banks.balance(TwoBanks.B);
        Probe kill = BrokenCoordinatorTest.once(point, branch, RestartedServerTest::killAndRestart);
        try (TwoPhaseTransactions transactions = banks.coordinator("one", banks.log(), kill)) {
            boolean committed = isCommitted(transactions);
            // The connections of before are broken, and are found so one by one.
            Awaitility.await()
                    .atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(DataAccessException.class)
                    .untilAsserted(() -> {
                        transactions.recover();
                        assertThat(banks.violations()).isEmpty();
                    });

            // Before the decision either is right: what is prepared outlives the server, and so may the transaction.
            assertThat(committed || !decided).isTrue();
            assertThat(banks.balance(TwoBanks.B)).isEqualTo(committed ? before + 5 : before);
        }
    }

    private static void killAndRestart() {
        server.crash();
        server.restart();
    }

    /** What the caller is told, at once or once the log can be asked. */
    private static boolean isCommitted(TwoPhaseTransactions transactions) throws SQLException {
        try {
            TwoBanks.transfer(transactions, 5);
            return true;
        } catch (TransactionAbortedException aborted) {
            return false;
        } catch (TransactionInDoubtException inDoubt) {
            Awaitility.await().atMost(LIMIT).ignoreExceptions().until(() -> {
                transactions.recover();
                return transactions.outcome(inDoubt.transaction()).isPresent();
            });
            return transactions.outcome(inDoubt.transaction()).equals(Optional.of(Outcome.COMMIT));
        }
    }
}
