package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.Probe.Point;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server of both banks and of the log goes down at a point of the protocol, and comes back. */
class RestartedServerTest {

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"BEFORE_DECISION", "AFTER_DECISION"})
    void prepared_branches_and_decisions_outlive_their_server(Point point) throws Exception {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start();
                TwoBanks banks = TwoBanks.open(server);
                TwoPhaseTransactions transactions =
                        banks.coordinator("one", banks.log(), BrokenCoordinatorTest.once(point, "", server::restart))) {
            boolean committed = true;
            try {
                TwoBanks.transfer(transactions, 10);
            } catch (TransactionAbortedException aborted) {
                committed = false;
            }
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                transactions.recover();
                assertThat(banks.violations()).isEmpty();
            });

            // Before the decision either is right: what is prepared outlives the server, and so may the transaction.
            assertThat(committed || point == Point.BEFORE_DECISION).isTrue();
            assertThat(banks.balance(TwoBanks.B)).isEqualTo(committed ? 110 : 100);
        }
    }
}
