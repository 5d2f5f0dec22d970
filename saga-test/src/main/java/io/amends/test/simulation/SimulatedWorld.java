package io.amends.test.simulation;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.SagaRegistry;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryDatabase.Point;
import io.amends.test.memory.MemorySagaStore;
import io.amends.test.memory.MemoryWaitingReplies;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Everything that outlives a process: time, chance, services with their databases, the broker. Used by one thread. */
final class SimulatedWorld {

    private final Simulated simulated;
    private final RandomGenerator random;
    private final FaultSource faults;
    private final VirtualTime time;
    private final SimulatedBroker broker;
    private final SimulatedService orchestrator;
    private final SagaRegistry registry;
    private final MemorySagaStore store;
    private final MemoryWaitingReplies waiting;
    private final Map<String, SimulatedService> participants = new LinkedHashMap<>();
    private final Set<String> held = new HashSet<>();
    private final List<String> troubles = new ArrayList<>();
    private final List<OutboxMessage> sent = new ArrayList<>();

    /**
     * @param probe is told of each point of each database
     */
    SimulatedWorld(
            Simulated simulated, RandomGenerator random, FaultSource faults, BiConsumer<MemoryDatabase, Point> probe) {
        this.simulated = simulated;
        this.random = random;
        this.faults = faults;
        this.time = simulated.time();
        this.broker = new SimulatedBroker(time);
        MemoryDatabase shared = simulated.application();
        this.orchestrator = service(shared == null ? new MemoryDatabase("orchestrator", time) : shared, probe);
        this.registry = simulated.registry().apply(orchestrator.database());
        this.store = new MemorySagaStore(orchestrator.database());
        this.waiting = new MemoryWaitingReplies(orchestrator.database(), store);
        for (String name : simulated.participants().keySet()) {
            participants.put(name, shared == null ? service(new MemoryDatabase(name, time), probe) : orchestrator);
        }
    }

    private static SimulatedService service(MemoryDatabase database, BiConsumer<MemoryDatabase, Point> probe) {
        database.probe(point -> probe.accept(database, point));
        return new SimulatedService(database);
    }

    Simulated simulated() {
        return simulated;
    }

    RandomGenerator random() {
        return random;
    }

    FaultSource faults() {
        return faults;
    }

    VirtualTime time() {
        return time;
    }

    SimulatedBroker broker() {
        return broker;
    }

    PayloadCodec codec() {
        return simulated.codec();
    }

    SimulatedService orchestrator() {
        return orchestrator;
    }

    SagaRegistry registry() {
        return registry;
    }

    MemorySagaStore store() {
        return store;
    }

    MemoryWaitingReplies waiting() {
        return waiting;
    }

    SimulatedService participant(String name) {
        SimulatedService found = participants.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "There is no participant '%s' here, only %s.".formatted(name, participants.keySet()));
        }
        return found;
    }

    List<String> troubles() {
        return troubles;
    }

    List<OutboxMessage> sent() {
        return sent;
    }

    Stream<SimulatedService> services() {
        return Stream.concat(Stream.of(orchestrator), participants.values().stream())
                .distinct();
    }

    Stream<String> participants() {
        return participants.keySet().stream();
    }

    /** Whether actions for a participant wait. */
    boolean isHeld(String participant) {
        return held.contains(participant) && !faults.isHealed();
    }

    /** Holds a participant that is not held, and the other way round. */
    void holdOrRelease(String participant) {
        if (!held.remove(participant)) {
            held.add(participant);
        }
    }

    void crashPerhaps() {
        if (faults.strikes(simulated.faults().crash())) {
            throw new SimulatedCrash();
        }
    }

    boolean isDrained() {
        return broker.isDrained()
                && services().allMatch(service -> service.outbox().pending(1).isEmpty());
    }

    Optional<Instant> nextDue() {
        Stream<Instant> redeliveries = services().flatMap(service -> service.inboxes().nextRedelivery().stream());
        return Stream.of(store.nextDueAt().stream(), redeliveries, broker.nextArrival().stream())
                .flatMap(times -> times)
                .min(Comparator.naturalOrder());
    }

    /** How far off the clocks of a service's processes are. */
    List<Duration> skews() {
        long most = simulated.faults().skew().toMillis();
        return Stream.generate(() -> Duration.ofMillis(most == 0 ? 0 : random.nextLong(-most, most + 1)))
                .limit(simulated.processes())
                .toList();
    }

    /** Gives a service its relays. */
    void connect(SimulatedService service, List<Duration> skews) {
        service.connect(broker, simulated.parts(), time, skews, new SimulatedRelay.Watch() {
            @Override
            public void leaseTaken(SimulatedRelay.Lease before) {
                if (before.until().isAfter(time.instant())) {
                    troubles.add("the lease of %s was taken before it ended".formatted(before.owner()));
                }
            }

            @Override
            public void sent(OutboxMessage message) {
                sent.add(message);
                crashPerhaps();
            }
        });
    }

    MessageFactory messages(Duration skew) {
        return new MessageFactory(
                this::id, time.millisOff(skew), simulated.codec().contentType());
    }

    /** A UUIDv7 by virtual time. */
    UUID id() {
        long millis = time.instant().toEpochMilli();
        long high = (millis << 16) | 0x7000 | random.nextInt(1 << 12);
        long low = (random.nextLong() >>> 2) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
