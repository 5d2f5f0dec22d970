package io.amends.test.simulation;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxLimits;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryOutbox;
import io.amends.test.memory.MemoryParticipantStore;
import io.amends.test.memory.MemoryQuarantine;
import io.amends.test.memory.MemoryTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/** A service: one database, and processes that each have a relay. Used by one thread. */
final class SimulatedService {

    private final MemoryDatabase database;
    private final MemoryOutbox outbox;
    private final MemoryQuarantine quarantine;
    private final MemoryParticipantStore inboxes;
    private final MemoryTable<UUID, UUID> appended;
    private final List<SimulatedRelay> relays = new ArrayList<>();

    SimulatedService(MemoryDatabase database) {
        this.database = database;
        this.outbox = new MemoryOutbox(database, OutboxLimits.DEFAULT);
        this.appended = database.table("appended");
        this.inboxes = new MemoryParticipantStore(database);
        this.quarantine = new MemoryQuarantine(database);
    }

    MemoryDatabase database() {
        return database;
    }

    MemoryOutbox outbox() {
        return outbox;
    }

    /** What a process appends to: the outbox, or something broken; what should be sent is noted besides. */
    Outbox outbox(Parts parts) {
        Outbox given = parts.outbox().apply(outbox, database);
        return messages -> {
            given.appendAll(messages);
            messages.forEach(message -> appended.put(message.id(), message.id()));
        };
    }

    /** The ids of all messages whose transactions have committed. */
    MemoryTable<UUID, UUID> appended() {
        return appended;
    }

    /** What its participants keep. */
    MemoryParticipantStore inboxes() {
        return inboxes;
    }

    MemoryQuarantine quarantine() {
        return quarantine;
    }

    List<SimulatedRelay> relays() {
        return relays;
    }

    /** Gives each process its relay. */
    void connect(
            SimulatedBroker broker, Parts parts, VirtualTime time, List<Duration> skews, SimulatedRelay.Watch watch) {
        SimulatedRelay.Lane lane = new SimulatedRelay.Lane(
                database.table("saga_lane"),
                outbox,
                new TransactionTemplate(database.transactions()),
                broker,
                parts.marksFirst(),
                parts.sendsBackwards(),
                watch);
        for (int i = 0; i < skews.size(); i++) {
            Duration skew = skews.get(i);
            InstantSource own = () -> time.instant().plus(skew);
            relays.add(new SimulatedRelay("relay-" + i, lane, parts.leaseClock().apply(time, own)));
        }
    }
}
