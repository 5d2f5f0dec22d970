package io.amends.twopc.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.twopc.BranchRefusedException;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.EndpointBank;
import io.amends.twopc.JdbcDecisionLog;
import io.amends.twopc.JdbcParticipant;
import io.amends.twopc.RemoteWork;
import io.amends.twopc.TwoPhaseEndpoint;
import io.amends.twopc.TwoPhaseSettings;
import io.amends.twopc.TwoPhaseTransactions;
import io.amends.twopc.TwoPhaseWork;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of remote participants in docs/two-phase-commit.md. */
class RemoteExampleTest {

    @Test
    void the_example_moves_ten() throws SQLException {
        TwoPhaseWork credits = (connection, work) -> {
            if (!credit(connection, amountIn(work))) {
                throw new BranchRefusedException("the account is closed");
            }
        };
        try (EndpointBank log = new EndpointBank();
                EndpointBank bankA = new EndpointBank();
                EndpointBank bankB = new EndpointBank()) {
            TwoPhaseEndpoint endpoint = bankB.with(credits);
            new SagaSchema(
                            log.dataSource(),
                            SchemaMode.MIGRATE,
                            List.of(
                                    new SagaSchema.Scripts(TwoPhaseEndpoint.SCRIPTS_FOLDER, TwoPhaseEndpoint.SCRIPTS),
                                    new SagaSchema.Scripts(JdbcDecisionLog.SCRIPTS_FOLDER, JdbcDecisionLog.SCRIPTS)))
                    .apply();
            try (EndpointServer server = new EndpointServer(() -> endpoint)) {
                URI service = server.uri();
                String secret = EndpointServer.SECRET;
                HttpClient client = HttpClient.newHttpClient();
                HttpParticipant remote = new HttpParticipant("bank-b", service, secret, client);
                TwoPhaseTransactions transactions = new TwoPhaseTransactions(
                        new CoordinatorName("shop", "node-1"),
                        new JdbcDecisionLog(log.dataSource(), "shop"),
                        List.of(new JdbcParticipant("bank-a", bankA.dataSource()), remote),
                        TwoPhaseSettings.DEFAULT,
                        Generators.timeBasedEpochGenerator()::generate,
                        () -> 0.5);

                transactions.executeWithoutResult(transaction -> {
                    transaction.branch("bank-a", connection -> debit(connection, 10));
                    transaction.remote("bank-b", new RemoteWork(bytesOf(10), "text/plain"));
                });
                transactions.close();
            }
            assertThat(bankA.balance()).isEqualTo(90);
            assertThat(bankB.balance()).isEqualTo(110);
        }
    }

    private static void debit(Connection connection, int amount) throws SQLException {
        credit(connection, -amount);
    }

    private static boolean credit(Connection connection, int amount) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update account set balance = balance + ?")) {
            update.setInt(1, amount);
            return update.executeUpdate() == 1;
        }
    }

    private static byte[] bytesOf(int amount) {
        return Integer.toString(amount).getBytes(StandardCharsets.UTF_8);
    }

    private static int amountIn(RemoteWork work) {
        return Integer.parseInt(new String(work.body(), StandardCharsets.UTF_8));
    }
}
