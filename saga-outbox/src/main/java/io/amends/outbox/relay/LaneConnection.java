package io.amends.outbox.relay;

import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a lane's reader calls the database through. A server process that has planned a look answers the next one in a
 * quarter of the time, so the connection is kept from look to look, though never in a transaction. Only one reader of a
 * relay keeps one: many lanes must not take the application's pool; the others borrow one for each call. Used by one thread.
 */
final class LaneConnection implements AutoCloseable {

    /** Shorter than pools and proxies let a connection live. */
    private static final long KEEP = Duration.ofMinutes(1).toNanos();

    private final RelayConnections connections;
    private final Semaphore keepers;
    private final LongSupplier clock;
    private @Nullable Opened kept;
    private long keptSince;

    /**
     * @param keepers as many permits as connections may be kept
     * @param clock monotonic nanoseconds
     */
    LaneConnection(RelayConnections connections, Semaphore keepers, LongSupplier clock) {
        this.connections = connections;
        this.keepers = keepers;
        this.clock = clock;
    }

    /** Calls of the database. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Does the work; a connection on which it failed is given back. */
    <T> T call(Work<T> work) throws SQLException {
        if (kept != null && clock.getAsLong() - keptSince > KEEP) {
            close();
        }
        if (kept == null && keepers.tryAcquire()) {
            keep();
        }
        Opened open = kept;
        if (open == null) {
            try (Opened borrowed = connections.open()) {
                return work.on(borrowed.connection());
            }
        }
        try {
            return work.on(open.connection());
        } catch (SQLException | RuntimeException | Error failed) {
            try {
                close();
            } catch (SQLException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
    }

    private void keep() throws SQLException {
        try {
            kept = connections.open();
            keptSince = clock.getAsLong();
        } finally {
            if (kept == null) {
                keepers.release();
            }
        }
    }

    /** Gives back the connection that is kept, if one is. May be used again. */
    @Override
    public void close() throws SQLException {
        Opened open = kept;
        if (open != null) {
            kept = null;
            try {
                open.close();
            } finally {
                keepers.release();
            }
        }
    }
}
