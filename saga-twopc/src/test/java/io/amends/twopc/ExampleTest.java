package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The examples of docs/two-phase-commit.md. */
class ExampleTest {

    @Test
    void the_example_moves_ten() throws SQLException {
        try (TwoBanks banks = TwoBanks.open()) {
            DataSource logPool = banks.poolLog;
            DataSource bankA = banks.poolA;
            DataSource bankB = banks.poolB;
            Supplier<UUID> ids = Generators.timeBasedEpochGenerator()::generate;
            DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

            CoordinatorName name = new CoordinatorName("shop", "node-1");
            TwoPhaseTransactions transactions = new TwoPhaseTransactions(
                    name,
                    new JdbcDecisionLog(logPool, name.installation()),
                    List.of(new JdbcParticipant("bank-a", bankA), new JdbcParticipant("bank-b", bankB)),
                    TwoPhaseSettings.DEFAULT,
                    ids,
                    random);
            transactions.start();

            transactions.executeWithoutResult(transaction -> {
                transaction.branch("bank-a", connection -> debit(connection, 10));
                transaction.branch("bank-b", connection -> credit(connection, 10));
            });
            transactions.close();

            assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
            assertThat(banks.violations()).isEmpty();
        }
    }

    private static void debit(Connection connection, long amount) throws SQLException {
        TwoBanks.add(connection, -amount);
    }

    private static void credit(Connection connection, long amount) throws SQLException {
        TwoBanks.add(connection, amount);
    }
}
