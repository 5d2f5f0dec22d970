package io.amends.outbox.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a lane's lease: acquires it when asked, renews it from a thread of its own so that a busy relay does not lose it,
 * and stops trusting it, by the monotonic clock, when renewals do not get through. Safe for use by many threads.
 */
final class LeaseKeeper {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final LaneLease lanes;
    private final int lane;
    private final String owner;
    private final Duration time;
    private @Nullable ScheduledExecutorService heartbeat;
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();

    /** A lease and the monotonic time until which it is certainly ours. */
    private record Held(Lease lease, long until) {}

    LeaseKeeper(LaneLease lanes, int lane, String owner, Duration time) {
        this.lanes = lanes;
        this.lane = lane;
        this.owner = owner;
        this.time = time;
    }

    synchronized void start() {
        ScheduledExecutorService made =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "saga-relay-lease-" + lane));
        long interval = Math.max(1, time.toMillis() / 3);
        made.scheduleWithFixedDelay(this::renew, interval, interval, TimeUnit.MILLISECONDS);
        heartbeat = made;
    }

    synchronized void stop() {
        if (heartbeat != null) {
            heartbeat.shutdownNow();
            heartbeat = null;
        }
    }

    /** The lease, acquired if need be; empty while another process has it. */
    Optional<Lease> lease() throws SQLException {
        Held current = held.get();
        if (current != null && isCertain(current)) {
            return Optional.of(current.lease());
        }
        long asked = System.nanoTime();
        Optional<Lease> acquired = lanes.acquire(lane, owner, time);
        held.set(acquired.map(lease -> new Held(lease, asked + time.toNanos())).orElse(null));
        acquired.ifPresent(lease -> log.info("Relay {} publishes lane {} with epoch {}", owner, lane, lease.epoch()));
        return acquired;
    }

    /** Whether that lease is certainly still ours. */
    boolean isHeld(Lease lease) {
        Held current = held.get();
        return current != null && current.lease().equals(lease) && isCertain(current);
    }

    /** Another owner was seen. */
    void lost() {
        held.set(null);
    }

    /** Gives the lease back, if it is held. */
    void release() {
        Held current = held.getAndSet(null);
        if (current != null) {
            try {
                lanes.release(current.lease());
            } catch (SQLException away) {
                log.info("The lease of lane {} was not given back and expires by itself: {}", lane, away.getMessage());
            }
        }
    }

    private void renew() {
        Held current = held.get();
        if (current == null) {
            return;
        }
        long asked = System.nanoTime();
        try {
            if (!lanes.renew(current.lease(), time)) {
                log.warn("{}", new FencedException(current.lease()).getMessage());
                held.compareAndSet(current, null);
                return;
            }
            held.compareAndSet(current, new Held(current.lease(), asked + time.toNanos()));
        } catch (SQLException away) {
            // Said by the relay itself as well; here it only means that the lease runs down.
            log.debug("The lease of lane {} was not renewed", lane, away);
        } catch (RuntimeException unexpected) {
            // Thrown on, it would end all renewals for good, and nobody would hear of it.
            log.warn("The lease of lane {} was not renewed", lane, unexpected);
        }
    }

    private boolean isCertain(Held current) {
        return current.until() - System.nanoTime() > time.toNanos() / 10;
    }
}
