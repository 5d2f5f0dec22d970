package io.amends.benchmarks.twopc.contender;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.amends.benchmarks.twopc.bank.Bank;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.xa.PGXADataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two-phase commit by Narayana, with pooled XA connections of Agroal, as Quarkus has them. */
final class Narayana implements Transfers {

    private static final Logger log = LoggerFactory.getLogger(Narayana.class);

    private final NarayanaSetup setup;
    private final TransactionManager manager;
    private final AgroalDataSource bankA;
    private final AgroalDataSource bankB;
    private final Semaphore permits = new Semaphore(Settings.CONNECTIONS, true);
    private volatile BiConsumer<UUID, End> ended = (id, end) -> {};

    Narayana(Settings settings) {
        setup = NarayanaSetup.start(settings);
        manager = setup.manager();
        try {
            bankA = pool("bank-a", settings);
            bankB = pool("bank-b", settings);
            manager.setTransactionTimeout(Settings.WORK_SECONDS);
        } catch (SQLException | SystemException trouble) {
            throw new IllegalStateException("Narayana's pools can't be opened", trouble);
        }
        setup.startRecovery();
    }

    private AgroalDataSource pool(String bank, Settings settings) throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(Settings.CONNECTIONS)
                        .minSize(Settings.CONNECTIONS)
                        .initialSize(Settings.CONNECTIONS)
                        .acquisitionTimeout(Duration.ofMillis(Settings.POOL_MILLIS))
                        // A connection that broke is thrown away, as HikariCP does.
                        .exceptionSorter(new io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter())
                        .idleValidationTimeout(Duration.ofMillis(500))
                        .connectionValidator(io.agroal.api.configuration.AgroalConnectionPoolConfiguration
                                .ConnectionValidator.defaultValidator())
                        .recoveryEnable(true)
                        .transactionIntegration(new NarayanaTransactionIntegration(
                                manager, setup.synchronizations(), bank, false, setup.registry()))
                        .connectionFactoryConfiguration(factory -> factory.connectionProviderClass(PGXADataSource.class)
                                .jdbcUrl(settings.get(bank))
                                .initialSql("set statement_timeout = %1$d; set lock_timeout = %1$d"
                                        .formatted(Settings.WORK_SECONDS * 1000))
                                .principal(new NamePrincipal(settings.get("user")))
                                .credential(new SimplePassword(settings.get("user")))
                                .recoveryPrincipal(new NamePrincipal(settings.get("user")))
                                .recoveryCredential(new SimplePassword(settings.get("user"))))));
    }

    @Override
    public void whenEnded(BiConsumer<UUID, End> listener) {
        ended = listener;
    }

    @Override
    public void begin(Transfer transfer) {
        // As many at work as there are connections, and in turn, as saga-twopc has it: otherwise threads starve at the
        // pools.
        permits.acquireUninterruptibly();
        try {
            ended.accept(transfer.id(), carryOut(transfer));
        } finally {
            permits.release();
        }
    }

    private End carryOut(Transfer transfer) {
        for (int run = 1; ; run++) {
            try {
                return once(transfer);
            } catch (SQLException trouble) {
                if (run >= Settings.ATTEMPTS || !lostRace(trouble)) {
                    log.debug("Transfer {} was refused", transfer.id(), trouble);
                    return End.REFUSED;
                }
                pause(run);
            }
        }
    }

    private End once(Transfer transfer) throws SQLException {
        try {
            manager.begin();
            try {
                try (Connection connection = bankA.getConnection()) {
                    must(Bank.debit(connection, transfer.id(), transfer.fromAccount(), transfer.amount()));
                }
                try (Connection connection = bankB.getConnection()) {
                    must(Bank.credit(connection, transfer.id(), transfer.toAccount(), transfer.amount()));
                }
            } catch (SQLException | RuntimeException trouble) {
                manager.rollback();
                throw trouble;
            }
            manager.commit();
            return End.COMPLETED;
        } catch (RollbackException refused) {
            log.debug("Transfer {} was rolled back", transfer.id(), refused);
            return End.REFUSED;
        } catch (NotSupportedException
                | HeuristicMixedException
                | HeuristicRollbackException
                | SystemException unknown) {
            log.debug("Transfer {} is in doubt", transfer.id(), unknown);
            return End.UNKNOWN;
        }
    }

    private static void must(boolean moved) {
        if (!moved) {
            throw new IllegalStateException("Every account has enough here, so that every movement must succeed.");
        }
    }

    private static boolean lostRace(@Nullable Throwable trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && ("40P01".equals(sql.getSQLState()) || "40001".equals(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    private static void pause(int run) {
        long limit = TimeUnit.MILLISECONDS.toNanos(Settings.BACKOFF_MILLIS) << (run - 1);
        try {
            TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(limit));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int mostStarters() {
        return Integer.MAX_VALUE;
    }

    @Override
    public long forcedWrites() {
        return setup.forcedWrites();
    }

    @Override
    public void close() {
        bankA.close();
        bankB.close();
    }
}
