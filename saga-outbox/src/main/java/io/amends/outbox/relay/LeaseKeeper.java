package io.amends.outbox.relay;

import io.amends.outbox.relay.Lanes.Lane;
import io.amends.outbox.relay.Lanes.View;
import io.amends.outbox.relay.RelayConnections.Opened;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process's leases: takes its fair share of the lanes, renews them from a thread and a connection of its own so
 * that neither a busy relay nor an exhausted pool loses them, gives back what others should have, and stops trusting a
 * lease, by the monotonic clock, when renewals do not get through. Safe for use by many threads.
 */
final class LeaseKeeper {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(1);
    private static final String LEFT_BEHIND = "The relay's name is left in saga_relay and expires by itself";

    private final RelayConnections connections;
    private final Lanes lanes;
    private final String owner;
    private final Duration time;
    private final Owner events;
    private final Map<Integer, Held> held = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService heartbeat;
    private volatile @Nullable Opened connection;
    private volatile boolean answers;
    private volatile boolean leaving;

    /** A lease and the monotonic time until which it is certainly ours. */
    private record Held(Lease lease, long until) {}

    /** Who works on the lanes. Calls must be quick. */
    interface Owner {

        /** Whether any lane may be taken at all. */
        boolean mayAcquire() throws SQLException;

        /** Whether a lane may be taken: nothing is left here of an earlier lease. */
        boolean isFree(int lane);

        /** That lane is this process's from now on. */
        void acquired(Lease lease);

        /** That lane has another owner now. */
        void lost(Lease lease);

        /** That lane is to be given back when its work can be interrupted. */
        void surplus(int lane);

        /** There are parked records of the lane to be published. */
        void released(int lane);

        /** The keeper has committed that transaction, which wrote no messages. */
        void wrote(long transaction);

        /** A beat got through, or what kept it from it. */
        void beat(@Nullable Exception trouble);
    }

    LeaseKeeper(RelayConnections connections, String owner, Duration time, Owner events) {
        this.connections = connections;
        this.lanes = new Lanes(owner, time);
        this.owner = owner;
        this.time = time;
        this.events = events;
    }

    /** @param reachable whether the database has just answered: one that is away is not waited for here a second time */
    synchronized void start(boolean reachable) {
        leaving = false;
        ScheduledExecutorService made =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "saga-relay-heartbeat"));
        long interval = Math.max(1, Math.min(time.toMillis() / 3, LONGEST_BEAT.toMillis()));
        if (reachable) {
            // The first at once, so that what is pending is published even if a stop follows the start.
            beat();
        }
        made.scheduleWithFixedDelay(this::beat, interval, interval, TimeUnit.MILLISECONDS);
        heartbeat = made;
    }

    /** Takes no more lanes; those that are held are still renewed. */
    void leave() {
        leaving = true;
    }

    /** Ends the beats and says so to the other relays, unless the database is away. */
    synchronized void stop() {
        ScheduledExecutorService beating = heartbeat;
        heartbeat = null;
        if (beating == null) {
            return;
        }
        if (answers) {
            beating.shutdown();
        } else {
            beating.shutdownNow();
        }
        try {
            if (!beating.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS)) {
                answers = false;
                beating.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            beating.shutdownNow();
            Thread.currentThread().interrupt();
        }
        closeConnection();
        if (answers) {
            run(LEFT_BEHIND, opened -> lanes.leave(opened.connection()));
        } else {
            log.info("{}: the database does not answer", LEFT_BEHIND);
        }
    }

    /** Whether that lease is certainly still ours. */
    boolean isHeld(Lease lease) {
        Held current = held.get(lease.lane());
        return current != null && current.lease().equals(lease) && isCertain(current);
    }

    /** Whether that lane is certainly ours. */
    boolean isHeld(int lane) {
        Held current = held.get(lane);
        return current != null && isCertain(current);
    }

    /**
     * Asks the database whether the lease is still ours.
     *
     * @throws FencedException if it is not
     */
    void confirm(Lease lease) throws SQLException {
        try (Opened opened = connections.open()) {
            lanes.confirm(opened.connection(), lease);
        }
    }

    /** Another owner was seen. */
    void lost(Lease lease) {
        Held current = held.get(lease.lane());
        if (current != null && current.lease().equals(lease) && held.remove(lease.lane(), current)) {
            events.lost(lease);
        }
    }

    /** Gives the lease back, if it is held. */
    void release(Lease lease) {
        Held current = held.get(lease.lane());
        if (current != null && current.lease().equals(lease) && held.remove(lease.lane(), current)) {
            run(
                    "The lease of lane %d was not given back and expires by itself".formatted(lease.lane()),
                    opened -> lanes.release(opened.connection(), lease));
        }
    }

    private interface Call {
        void on(Opened opened) throws SQLException;
    }

    private void run(String otherwise, Call call) {
        try (Opened opened = connections.open()) {
            call.on(opened);
        } catch (SQLException away) {
            log.info("{}: {}", otherwise, away.getMessage());
        }
    }

    private void beat() {
        try {
            List<Held> renewing = List.copyOf(held.values());
            Opened opened = connection();
            long asked = System.nanoTime();
            View view = lanes.beat(
                    opened.connection(), renewing.stream().map(Held::lease).toList());
            events.wrote(view.transaction());
            renewing.forEach(before -> renewed(before, view, asked));
            view.lanes().stream().filter(Lane::released).map(Lane::number).forEach(events::released);
            if (!leaving) {
                share(opened, view);
            }
            answers = true;
            events.beat(null);
        } catch (SQLException away) {
            answers = false;
            closeConnection();
            events.beat(away);
        } catch (RuntimeException unexpected) {
            // Thrown on, it would end all renewals for good, and nobody would hear of it.
            closeConnection();
            log.warn("The relay's leases were not renewed", unexpected);
            events.beat(unexpected);
        }
    }

    private void renewed(Held before, View view, long asked) {
        Lease lease = before.lease();
        if (view.lanes().stream().anyMatch(lane -> lane.number() == lease.lane() && lane.renewed())) {
            held.replace(lease.lane(), before, new Held(lease, asked + time.toNanos()));
        } else if (held.remove(lease.lane(), before)) {
            events.lost(lease);
        }
    }

    private void share(Opened opened, View view) throws SQLException {
        int share = Shares.of(owner, view.alive(), view.lanes().size());
        List<Integer> mine = held.keySet().stream().sorted().toList();
        Shares.surplus(share, mine).forEach(events::surplus);
        List<Integer> free = view.lanes().stream()
                .filter(Lane::free)
                .map(Lane::number)
                .filter(lane -> !held.containsKey(lane) && events.isFree(lane))
                .toList();
        List<Integer> wanted = Shares.wanted(share, mine.size(), free);
        if (wanted.isEmpty() || !events.mayAcquire()) {
            return;
        }
        long asked = System.nanoTime();
        for (Lease lease : lanes.acquire(opened.connection(), wanted)) {
            held.put(lease.lane(), new Held(lease, asked + time.toNanos()));
            events.acquired(lease);
        }
    }

    /**
     * Kept between beats, so that a pool which others have emptied does not cost a lease. Not under a lock: a pool lets it
     * wait for long when the database is away, and a stop must not wait with it.
     */
    private Opened connection() throws SQLException {
        Opened open = connection;
        if (open == null) {
            open = connections.open();
            connection = open;
        }
        return open;
    }

    private void closeConnection() {
        Opened open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException gone) {
                log.debug("The heartbeat's connection could not be closed", gone);
            }
        }
    }

    private boolean isCertain(Held current) {
        return current.until() - System.nanoTime() > time.toNanos() / 10;
    }
}
