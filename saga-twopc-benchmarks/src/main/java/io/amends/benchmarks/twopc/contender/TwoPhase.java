package io.amends.benchmarks.twopc.contender;

import com.fasterxml.uuid.Generators;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.amends.benchmarks.twopc.bank.Bank;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.JdbcDecisionLog;
import io.amends.twopc.JdbcParticipant;
import io.amends.twopc.TransactionAbortedException;
import io.amends.twopc.TransactionInDoubtException;
import io.amends.twopc.TwoPhaseSettings;
import io.amends.twopc.TwoPhaseTransactions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two-phase commit by {@code saga-twopc}, with HikariCP as Spring Boot has it and the log in a database of its own. */
final class TwoPhase implements Transfers {

    private static final Logger log = LoggerFactory.getLogger(TwoPhase.class);

    private final HikariDataSource bankA;
    private final HikariDataSource bankB;
    private final HikariDataSource decisions;
    private final TwoPhaseTransactions transactions;
    private volatile BiConsumer<UUID, End> ended = (id, end) -> {};

    TwoPhase(Settings settings) {
        TwoPhaseSettings usual = TwoPhaseSettings.DEFAULT;
        TwoPhaseSettings times = new TwoPhaseSettings(
                Duration.ofSeconds(Settings.WORK_SECONDS),
                usual.prepareTimeout(),
                usual.decisionTimeout(),
                usual.commitTimeout(),
                Settings.ATTEMPTS,
                Duration.ofMillis(Settings.BACKOFF_MILLIS),
                usual.retention(),
                usual.recoverEvery(),
                usual.takeOverAfter(),
                Settings.CONNECTIONS);
        bankA = pool(settings.get("bank-a"), settings.get("user"), JdbcParticipant.limits(times));
        bankB = pool(settings.get("bank-b"), settings.get("user"), JdbcParticipant.limits(times));
        decisions = pool(settings.get("coordinator"), settings.get("user"), null);
        CoordinatorName name = new CoordinatorName("benchmark", "node-1");
        transactions = new TwoPhaseTransactions(
                name,
                new JdbcDecisionLog(decisions, name.installation()),
                List.of(JdbcParticipant.limitedByPool("bank-a", bankA), JdbcParticipant.limitedByPool("bank-b", bankB)),
                times,
                Generators.timeBasedEpochGenerator()::generate,
                () -> ThreadLocalRandom.current().nextDouble());
        transactions.start();
    }

    private static HikariDataSource pool(String url, String user, @Nullable String first) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(user);
        config.setMaximumPoolSize(Settings.CONNECTIONS);
        config.setConnectionTimeout(Settings.POOL_MILLIS);
        config.setConnectionInitSql(first);
        return new HikariDataSource(config);
    }

    @Override
    public void whenEnded(BiConsumer<UUID, End> listener) {
        ended = listener;
    }

    @Override
    public void begin(Transfer transfer) {
        ended.accept(transfer.id(), carryOut(transfer));
    }

    private End carryOut(Transfer transfer) {
        try {
            transactions.executeWithoutResult(transaction -> {
                transaction.branch(
                        "bank-a",
                        connection ->
                                must(Bank.debit(connection, transfer.id(), transfer.fromAccount(), transfer.amount())));
                transaction.branch(
                        "bank-b",
                        connection ->
                                must(Bank.credit(connection, transfer.id(), transfer.toAccount(), transfer.amount())));
            });
            return End.COMPLETED;
        } catch (TransactionInDoubtException unknown) {
            log.debug("Transfer {} is in doubt", transfer.id(), unknown);
            return End.UNKNOWN;
        } catch (TransactionAbortedException | SQLException refused) {
            log.debug("Transfer {} was refused", transfer.id(), refused);
            return End.REFUSED;
        }
    }

    private static void must(boolean moved) {
        if (!moved) {
            throw new IllegalStateException("Every account has enough here, so that every movement must succeed.");
        }
    }

    @Override
    public int mostStarters() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        transactions.close();
        bankA.close();
        bankB.close();
        decisions.close();
    }
}
