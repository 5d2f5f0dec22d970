package io.amends.benchmarks.transfer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.amends.benchmarks.bank.Ledger;
import io.amends.benchmarks.measure.CountingDataSource;
import io.amends.benchmarks.measure.JdbcCounts;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Two local transactions one after the other. Unsafe: a crash between them loses money. */
final class PlainTransfers implements Transfers {

    private final Account from;
    private final Account to;
    private volatile Consumer<UUID> ended = id -> {};

    PlainTransfers(String bankA, String bankB, String user, int connections, JdbcCounts counts) {
        this.from = Account.at(bankA, user, connections, counts);
        this.to = Account.at(bankB, user, connections, counts);
    }

    private record Account(HikariDataSource pool, Ledger ledger, TransactionTemplate transaction) {

        static Account at(String url, String user, int connections, JdbcCounts counts) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setUsername(user);
            config.setPassword(user);
            config.setMaximumPoolSize(connections);
            HikariDataSource pool = new HikariDataSource(config);
            CountingDataSource counting = new CountingDataSource(pool, counts);
            return new Account(
                    pool,
                    new Ledger(new JdbcTemplate(counting)),
                    new TransactionTemplate(new JdbcTransactionManager(counting)));
        }

        void move(UUID transferId, int account, long amount) {
            transaction.executeWithoutResult(status -> {
                if (!ledger.move(transferId, account, amount)) {
                    throw new IllegalStateException("Account %d can't move %d.".formatted(account, amount));
                }
            });
        }
    }

    @Override
    public void whenEnded(Consumer<UUID> listener) {
        ended = listener;
    }

    @Override
    public void begin(Transfer transfer) {
        from.move(transfer.id(), transfer.fromAccount(), -transfer.amount());
        to.move(transfer.id(), transfer.toAccount(), transfer.amount());
        ended.accept(transfer.id());
    }

    @Override
    public void close() {
        from.pool().close();
        to.pool().close();
    }
}
