package io.amends.benchmarks.twopc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.amends.benchmarks.twopc.bank.Bank;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bank a's own business: transfers between two of its accounts, each one local transaction that gives up a lock after five
 * seconds. Safe for use by many threads.
 */
final class Within implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final int MOST_WAITING = 1000;

    /** Longer than this, and a transfer was blocked. */
    private static final long BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HikariDataSource pool;
    private final ThreadPoolExecutor threads;
    private final Map<UUID, Long> begun = new ConcurrentHashMap<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong blocked = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();

    Within(Servers servers) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(servers.url(Installation.BANKS.get(0)));
        config.setUsername(servers.user());
        config.setPassword(servers.user());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionInitSql("set lock_timeout = '5s'");
        pool = new HikariDataSource(config);
        threads = new ThreadPoolExecutor(
                CONNECTIONS, CONNECTIONS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_WAITING));
    }

    void begin(UUID id, int from, int to, BigDecimal amount) {
        begun.put(id, System.nanoTime());
        try {
            threads.execute(() -> ended(id, carryOut(id, from, to, amount)));
        } catch (RejectedExecutionException full) {
            ended(id, false);
        }
    }

    private boolean carryOut(UUID id, int from, int to, BigDecimal amount) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Bank.within(connection, id, Bank.account(from), Bank.account(to), amount);
                connection.commit();
                return true;
            } catch (SQLException gaveUp) {
                connection.rollback();
                return false;
            }
        } catch (SQLException away) {
            return false;
        }
    }

    private void ended(UUID id, boolean committed) {
        Long at = begun.remove(id);
        long took = at == null ? 0 : System.nanoTime() - at;
        longest.accumulateAndGet(took, Math::max);
        (committed ? done : refused).incrementAndGet();
        if (took > BLOCKED_NANOS) {
            blocked.incrementAndGet();
        }
    }

    /** How many have begun and not ended. */
    int open() {
        return begun.size();
    }

    long done() {
        return done.get();
    }

    /** Gave up a lock, or found no connection. */
    long refused() {
        return refused.get();
    }

    /** Took longer than a second, those that gave up included. */
    long blocked() {
        return blocked.get();
    }

    /** What the slowest took, in seconds. */
    double longestSeconds() {
        return longest.get() / 1e9;
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("%d transfers within bank a do not end".formatted(open()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
