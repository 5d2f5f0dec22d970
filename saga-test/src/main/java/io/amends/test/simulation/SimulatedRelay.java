package io.amends.test.simulation;

import io.amends.outbox.OutboxMessage;
import io.amends.test.memory.MemoryOutbox;
import io.amends.test.memory.MemoryTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One relay process of a service: holds the lane's lease by the database's clock, sends what is pending in order, then
 * notes it if the lease is still its own. Used by one thread.
 */
final class SimulatedRelay {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final String owner;
    private final Lane lane;
    private final InstantSource clock;

    /** The lane's row. */
    record Lease(String owner, long epoch, Instant until) {}

    /** Sees what relays do; may throw where a process may end. */
    interface Watch {

        /** The lease went to another process. */
        void leaseTaken(Lease before);

        /** A message was sent. */
        void sent(OutboxMessage message);
    }

    /** What the relays of one service share. */
    record Lane(
            MemoryTable<String, Lease> leases,
            MemoryOutbox outbox,
            TransactionTemplate transaction,
            SimulatedBroker broker,
            boolean marksFirst,
            boolean sendsBackwards,
            Watch watch) {}

    /**
     * @param owner this process
     * @param clock what the lease goes by
     */
    SimulatedRelay(String owner, Lane lane, InstantSource clock) {
        this.owner = owner;
        this.lane = lane;
        this.clock = clock;
    }

    /** Sends up to that many messages, if the lane is this one's; returns how many. */
    int step(int most) {
        Optional<Lease> own = lane.transaction().execute(status -> acquire());
        if (own.isEmpty()) {
            return 0;
        }
        Lease lease = own.get();
        List<MemoryOutbox.Pending> pending = new ArrayList<>(lane.outbox().pending(most));
        if (lane.sendsBackwards()) {
            Collections.reverse(pending);
        }
        if (lane.marksFirst()) {
            mark(lease, pending);
        }
        for (MemoryOutbox.Pending one : pending) {
            lane.broker().send(one.message());
            lane.watch().sent(one.message());
        }
        mark(lease, pending);
        return pending.size();
    }

    private void mark(Lease lease, List<MemoryOutbox.Pending> sent) {
        if (sent.isEmpty()) {
            return;
        }
        lane.transaction().executeWithoutResult(status -> {
            if (lane.leases()
                    .lock("lane")
                    .filter(now -> now.epoch() == lease.epoch())
                    .isPresent()) {
                lane.outbox().published(sent);
            }
        });
    }

    private Optional<Lease> acquire() {
        // A row that is not there can't be locked.
        lane.leases().insert("lane", new Lease("", 0, Instant.MIN));
        Lease held = lane.leases().lock("lane").orElseThrow();
        boolean mine = held.owner().equals(owner);
        if (!mine && held.until().isAfter(clock.instant())) {
            return Optional.empty();
        }
        if (!mine) {
            lane.watch().leaseTaken(held);
        }
        Lease lease = new Lease(
                owner, mine ? held.epoch() : held.epoch() + 1, clock.instant().plus(LEASE));
        lane.leases().put("lane", lease);
        return Optional.of(lease);
    }
}
