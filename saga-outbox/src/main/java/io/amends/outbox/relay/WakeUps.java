package io.amends.outbox.relay;

import io.amends.outbox.AppendListener;
import io.amends.outbox.CommittedMessage;
import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the relay that has a message's lane: in this process at once, in another by {@code NOTIFY}. Notifications are sent
 * outside of any business transaction, which would commit one after the other if they sent them, and at most one in a
 * while, for all that was committed in the meantime. What gets lost costs the time until the relay looks by itself: polling
 * is what publication rests on, and all there is behind a pooler that lends connections for a transaction. Safe for use by
 * many threads.
 */
public final class WakeUps implements AppendListener {

    private static final Logger log = LoggerFactory.getLogger(WakeUps.class);

    private static final String NOTIFY = "select pg_notify('saga_outbox', ?)";
    private static final int LISTEN_MILLIS = 250;
    private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final RelayConnections connections;
    private final @Nullable Relay relay;
    private final Duration pause;
    private final BitSet elsewhere = new BitSet();
    private final Semaphore waiting = new Semaphore(0);
    private @Nullable Thread sender;
    private @Nullable Thread listener;
    private volatile boolean running;
    private boolean silent;

    /**
     * @param dataSource the outbox's database
     * @param relay the relay of this process, null if it has none
     * @param pause the least time between two notifications
     */
    public WakeUps(DataSource dataSource, @Nullable Relay relay, Duration pause) {
        this.connections = new RelayConnections(dataSource);
        this.relay = relay;
        this.pause = pause;
    }

    /** Begins to send, and to listen if there is a relay to wake. */
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        sender = started("saga-relay-notify", this::send);
        listener = relay == null ? null : started("saga-relay-listen", this::listen);
    }

    private static Thread started(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Ends both; what was not sent is found by looking. */
    public synchronized void stop() {
        running = false;
        for (Thread thread : new @Nullable Thread[] {sender, listener}) {
            if (thread != null) {
                thread.interrupt();
                try {
                    thread.join(TimeUnit.SECONDS.toMillis(2));
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        sender = null;
        listener = null;
    }

    /** Whether it was started and not stopped. */
    public boolean isRunning() {
        return running;
    }

    @Override
    public void committed(BitSet buckets) {
        if (wakeHere(buckets) || !running) {
            return;
        }
        synchronized (elsewhere) {
            elsewhere.or(buckets);
        }
        if (waiting.availablePermits() == 0) {
            waiting.release();
        }
    }

    @Override
    public boolean wants(short bucket) {
        return relay != null && relay.wants(bucket);
    }

    @Override
    public void committed(CommittedMessage message) {
        if (relay == null || !relay.hand(message)) {
            BitSet bucket = new BitSet();
            bucket.set(message.bucket());
            committed(bucket);
        }
    }

    private boolean wakeHere(BitSet buckets) {
        return relay != null && relay.wake(buckets);
    }

    private void send() {
        try {
            while (running) {
                waiting.acquire();
                waiting.drainPermits();
                String payload;
                synchronized (elsewhere) {
                    payload = HexFormat.of().formatHex(elsewhere.toByteArray());
                    elsewhere.clear();
                }
                notifyOthers(payload);
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        } catch (InterruptedException stopped) {
            log.debug("Notifications end", stopped);
        }
    }

    private void notifyOthers(String payload) {
        try (Opened opened = connections.open();
                PreparedStatement statement = opened.connection().prepareStatement(NOTIFY)) {
            statement.setString(1, payload);
            statement.execute();
        } catch (SQLException | RuntimeException away) {
            // The relay that is meant finds the messages by looking; that the database is away is said by others.
            log.debug("Another relay was not woken", away);
        }
    }

    private void listen() {
        while (running) {
            try (Opened opened = connections.open()) {
                listenOn(opened);
            } catch (SQLException | RuntimeException unheard) {
                tell(unheard);
                try {
                    TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }
    }

    private void listenOn(Opened opened) throws SQLException {
        PGConnection postgres = opened.connection().unwrap(PGConnection.class);
        try (Statement statement = opened.connection().createStatement()) {
            statement.execute("listen saga_outbox");
            try {
                // What was sent before this is found by looking, now.
                BitSet all = new BitSet();
                all.set(0, RelayGuard.BUCKETS);
                wakeHere(all);
                silent = false;
                long probed = System.nanoTime();
                while (running) {
                    PGNotification[] heard = postgres.getNotifications(LISTEN_MILLIS);
                    if (heard != null) {
                        for (PGNotification notification : heard) {
                            wakeHere(buckets(notification.getParameter()));
                        }
                    }
                    if (System.nanoTime() - probed > PROBE_NANOS) {
                        // A connection that was cut in between hears nothing, and does not know.
                        statement.execute("select 1");
                        probed = System.nanoTime();
                    }
                }
            } finally {
                if (!opened.connection().isClosed()) {
                    statement.execute("unlisten saga_outbox");
                }
            }
        }
    }

    private void tell(Exception unheard) {
        if (!silent && running) {
            silent = true;
            log.info(
                    "Messages that other processes append are found by polling for now, since the relay can't listen: {}",
                    unheard.getMessage());
        }
    }

    /** A notification that is not ours wakes all lanes, which does no harm. */
    static BitSet buckets(String payload) {
        try {
            return BitSet.valueOf(HexFormat.of().parseHex(payload));
        } catch (IllegalArgumentException notOurs) {
            BitSet all = new BitSet();
            all.set(0, RelayGuard.BUCKETS);
            return all;
        }
    }
}
