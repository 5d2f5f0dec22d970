package io.amends.test.simulation;

import io.amends.runtime.DeferredReplies;
import io.amends.runtime.SagaListener;
import io.amends.runtime.Sagas;
import io.amends.runtime.participant.AnnotatedParticipants;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.test.memory.MemoryDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts a {@link Simulation} together. Used by one thread. */
public final class SimulationBuilder {

    private final List<Function<MemoryDatabase, Object>> sagas = new ArrayList<>();
    private final Map<String, Function<MemoryDatabase, ParticipantDefinition>> participants = new LinkedHashMap<>();
    private final List<BiConsumer<Sagas, RandomGenerator>> clients = new ArrayList<>();
    private final Map<String, Clerk> clerks = new LinkedHashMap<>();
    private int processes = 2;
    private RedeliverySettings redelivery = RedeliverySettings.DEFAULT;
    private Faults faults = Faults.none();
    private Parts parts = Parts.sound();
    private PayloadCodec codec = new JacksonPayloadCodec();
    private final List<SagaListener> listeners = new ArrayList<>();
    private @Nullable VirtualTime time;
    private @Nullable MemoryDatabase application;
    private @Nullable SagaRegistry registry;
    private long seed;
    private @Nullable Set<Integer> only;

    /** Answers deferred commands. */
    @FunctionalInterface
    public interface Clerk {

        /** Answers some, or none, in a transaction of that database. */
        void answer(MemoryDatabase database, DeferredReplies replies, RandomGenerator random);
    }

    SimulationBuilder(Object... sagas) {
        for (Object saga : sagas) {
            this.sagas.add(database -> saga);
        }
    }

    /**
     * With another saga, whose local steps and hooks keep their state in tables of the orchestrator's database.
     *
     * @param saga makes it, as in {@link Simulation#of}; called once
     */
    public SimulationBuilder saga(Function<MemoryDatabase, Object> saga) {
        sagas.add(saga);
        return this;
    }

    /**
     * With that participant.
     *
     * @param name its name
     * @param handlers makes the object with the {@code @CommandHandler} methods, once a process and again after each crash
     */
    public SimulationBuilder participant(String name, Function<MemoryDatabase, Object> handlers) {
        participants.put(name, database -> {
            Object made = handlers.apply(database);
            return AnnotatedParticipants.read(name, made.getClass(), made);
        });
        return this;
    }

    /** With that participant, whose handlers outlive crashes. */
    public SimulationBuilder participant(ParticipantDefinition participant) {
        participants.put(participant.name(), database -> participant);
        return this;
    }

    /** With those sagas, and no others. */
    public SimulationBuilder sagas(SagaRegistry all) {
        this.registry = all;
        return this;
    }

    /** With messages and data that are written and read by that codec; JSON without this call. */
    public SimulationBuilder codec(PayloadCodec with) {
        this.codec = with;
        return this;
    }

    /** With somebody who is told of changes after their commit. */
    public SimulationBuilder listener(SagaListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * As one application: orchestrator and participants share a database, and with it one outbox. Without this call each
     * has its own.
     *
     * @param database the database; it must go by that time
     * @param passing the time
     */
    public SimulationBuilder application(MemoryDatabase database, VirtualTime passing) {
        this.application = database;
        this.time = passing;
        return this;
    }

    /**
     * With somebody who answers deferred commands now and then in a process of that participant, and whom faults may
     * strike. Each call runs in a transaction of the participant's database.
     */
    public SimulationBuilder clerk(String participant, Clerk clerk) {
        clerks.put(participant, clerk);
        return this;
    }

    /** With somebody who does that now and then in a process of the orchestrator, and whom faults may strike. */
    public SimulationBuilder client(BiConsumer<Sagas, RandomGenerator> acts) {
        clients.add(acts);
        return this;
    }

    /** With so many processes of each service; 2 without this call. */
    public SimulationBuilder processes(int ofEach) {
        if (ofEach < 1) {
            throw new IllegalArgumentException("A service has at least one process, not " + ofEach);
        }
        this.processes = ofEach;
        return this;
    }

    /** With participants that deliver again like that a command whose handler threw. */
    public SimulationBuilder redelivery(RedeliverySettings settings) {
        this.redelivery = settings;
        return this;
    }

    /** With those faults; {@link Faults#none()} without this call. */
    public SimulationBuilder faults(Faults chances) {
        this.faults = chances;
        return this;
    }

    /** With that seed, from which everything follows. */
    public SimulationBuilder seed(long number) {
        this.seed = number;
        return this;
    }

    /** With no other faults than those, out of {@link Simulation#faultsThatStruck()} of an earlier run of that seed. */
    public SimulationBuilder onlyFaults(Iterable<Integer> numbers) {
        Set<Integer> wanted = new LinkedHashSet<>();
        numbers.forEach(wanted::add);
        this.only = wanted;
        return this;
    }

    SimulationBuilder parts(Parts other) {
        this.parts = other;
        return this;
    }

    /** The simulation; nothing has happened in it yet. */
    public Simulation build() {
        return new Simulation(
                new Simulated(
                        this::registry,
                        Collections.unmodifiableMap(new LinkedHashMap<>(participants)),
                        List.copyOf(clients),
                        Map.copyOf(clerks),
                        processes,
                        redelivery,
                        faults,
                        parts,
                        codec,
                        List.copyOf(listeners),
                        time == null ? new VirtualTime() : time,
                        application),
                new Random(seed),
                new FaultSource(new Random(~seed), only));
    }

    private SagaRegistry registry(MemoryDatabase database) {
        if (registry != null) {
            return registry;
        }
        List<SagaDefinition> built = new ArrayList<>();
        Map<Class<?>, SagaDefinition> declared = new LinkedHashMap<>();
        for (Function<MemoryDatabase, Object> make : List.copyOf(sagas)) {
            Object saga = make.apply(database);
            if (saga instanceof SagaDefinition definition) {
                built.add(definition);
            } else {
                declared.put(saga.getClass(), AnnotatedSagas.read(saga));
            }
        }
        return SagaRegistry.of(built, declared);
    }
}
