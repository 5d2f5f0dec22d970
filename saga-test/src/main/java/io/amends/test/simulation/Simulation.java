package io.amends.test.simulation;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.Sagas;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.MessageTypes;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryDatabase.Point;
import io.amends.test.memory.MemorySagaStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Services that run a user's sagas and participants in one thread: the real engine, orchestrators and participants over
 * databases in memory, relays and a broker that are models, virtual time, and faults. Everything that happens follows
 * from the seed: the same seed gives the same run.
 *
 * <pre>{@code
 * Simulation simulation = Simulation.of(new MoneyTransferSaga())
 *         .participant("bank-a", database -> new Accounts(database))
 *         .participant("bank-b", database -> new Accounts(database))
 *         .faults(Faults.some())
 *         .seed(42)
 *         .build();
 * simulation.sagas().start(MoneyTransferSaga.class, transfer, SagaKey.of(id));
 * simulation.run(200);
 * simulation.heal();
 * simulation.untilQuiet(Duration.ofDays(1));
 * assertThat(simulation.sagas().find(sagaId).orElseThrow().phase()).isEqualTo(COMPLETED);
 * }</pre>
 *
 * <p>What a participant writes must be undone when its transaction is; it therefore keeps its state in tables of the
 * database that it is given. Not part of it: PostgreSQL and Kafka themselves, semantic locks, and whatever a participant
 * does elsewhere. Used by one thread.
 */
public final class Simulation {

    private static final int DEEPEST = 3;
    /** Far more than it takes, for sagas that never come to rest. */
    private static final int MOST_ROUNDS = 20_000;

    private final SimulatedWorld world;
    private final Faults chances;
    private final FaultSource faults;
    private final RandomGenerator random;
    private final List<SimulatedProcess> processes;
    private final Sagas sagas;
    private final SagaOperations operations;
    private final DeferredReplies deferredReplies;
    private int depth;

    Simulation(Simulated simulated, RandomGenerator random, FaultSource faults) {
        this.chances = simulated.faults();
        this.random = random;
        this.faults = faults;
        this.world = new SimulatedWorld(simulated, random, faults, this::probe);
        SimulatedProcesses all = new SimulatedProcesses(world);
        this.processes = all.all();
        Orchestration calm = all.orchestration(Duration.ZERO);
        this.sagas = calm.sagas();
        this.operations = calm.operations();
        this.deferredReplies = all.deferredReplies();
    }

    /** Of those sagas: objects whose class carries {@code @Saga}, or definitions that were built. */
    public static SimulationBuilder of(Object... sagas) {
        return new SimulationBuilder(sagas);
    }

    /** What somebody outside can do; no fault strikes a call from here. */
    public Sagas sagas() {
        return sagas;
    }

    /** What operators can do; no fault strikes a call from here. */
    public SagaOperations operations() {
        return operations;
    }

    /** Answers deferred commands of an {@link SimulationBuilder#application application}; no fault strikes a call. */
    public DeferredReplies deferredReplies() {
        return deferredReplies;
    }

    /** The orchestrator's outbox. */
    public Outbox outbox() {
        return world.orchestrator().outbox(world.simulated().parts());
    }

    /** The database of a participant, for looking into its tables. */
    public MemoryDatabase database(String participant) {
        return world.participant(participant).database();
    }

    /** The database of the orchestrator, for looking into tables of local steps. */
    public MemoryDatabase orchestratorDatabase() {
        return world.orchestrator().database();
    }

    /** What is kept of the sagas. */
    public MemorySagaStore store() {
        return world.store();
    }

    /** Every message that a relay sent, repeats included. */
    public List<OutboxMessage> sent() {
        return List.copyOf(world.sent());
    }

    /** The ids of all messages that committed transactions have appended to an outbox. */
    public Set<UUID> appended() {
        Set<UUID> ids = new LinkedHashSet<>();
        world.services().forEach(service -> ids.addAll(service.appended().values()));
        return ids;
    }

    /** Everything that was put aside as not understood or given up. */
    public List<String> quarantined() {
        return world.services()
                .flatMap(service -> service.quarantine().all().stream())
                .map(one -> one.reasonCode() + ": " + one.reason())
                .toList();
    }

    /** Exceptions that no fault explains, empty if all is well. */
    public List<String> troubles() {
        return List.copyOf(world.troubles());
    }

    /** The time by the databases' clocks. */
    public Instant now() {
        return world.time().instant();
    }

    /** Lets that many things happen, each in some process, in an order that the seed decides. */
    public void run(int steps) {
        for (int i = 0; i < steps; i++) {
            act();
        }
    }

    /** From now on nothing goes wrong any more: neither by chance nor by what was said of messages. */
    public void heal() {
        faults.heal();
        world.broker().fates().clear();
    }

    /** Says what becomes of the next message of that type, a command or reply, that a relay sends from now on. */
    public MessageFate next(Class<?> message) {
        return new MessageFate(world.broker().fates(), MessageTypes.nameOf(message), true);
    }

    /** Says what becomes of every message of that type, until {@link #heal}. */
    public MessageFate every(Class<?> message) {
        return new MessageFate(world.broker().fates(), MessageTypes.nameOf(message), false);
    }

    /** Lets time pass, without anything happening meanwhile. */
    public void pass(Duration duration) {
        world.time().pass(duration);
    }

    /**
     * Lets everything happen that is due, and time pass to what is due next, until nothing is left to do.
     *
     * @param most virtual time that may pass
     * @return whether nothing was left to do in that time; what has to wait for an operator or a signal is not waited for
     */
    public boolean untilQuiet(Duration most) {
        Instant end = world.time().instant().plus(most);
        for (int round = 0; round < MOST_ROUNDS && !world.time().instant().isAfter(end); round++) {
            int done = round();
            if (done == 0 && world.isDrained()) {
                Optional<Instant> next = world.nextDue();
                if (next.isEmpty()) {
                    return true;
                }
                world.time().pass(Duration.ofMillis(1));
                if (next.get().isAfter(world.time().instant())) {
                    world.time().pass(Duration.between(world.time().instant(), next.get()));
                }
            } else if (done == 0) {
                // Somebody else's lease has to end first.
                world.time().pass(Duration.ofSeconds(1));
            }
        }
        return false;
    }

    /**
     * Lets everything happen that can happen now, without time passing.
     *
     * @return whether it came to rest
     */
    public boolean settle() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (round() == 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lets that much time pass, and everything happen at the moment when it is due.
     *
     * @return whether it came to rest at each of these moments
     */
    public boolean advance(Duration time) {
        Instant end = world.time().instant().plus(time);
        for (int moment = 0; moment < MOST_ROUNDS && settle(); moment++) {
            Instant now = world.time().instant();
            if (!now.isBefore(end)) {
                return true;
            }
            // What is due at this very moment is done only once that is over.
            Instant next = world.nextDue().map(due -> due.plusMillis(1)).orElse(end);
            Instant then = next.isAfter(now) ? next : now.plusMillis(1);
            world.time().pass(Duration.between(now, then.isBefore(end) ? then : end));
        }
        return false;
    }

    private int round() {
        int done = 0;
        for (SimulatedProcess process : processes) {
            for (IntSupplier work : process.works()) {
                done += safely(process, work);
            }
        }
        return done;
    }

    /** The numbers of the faults that struck; given to another run of the same seed, only these may strike there. */
    public List<Integer> faultsThatStruck() {
        return List.copyOf(faults.struck());
    }

    private void act() {
        world.time().pass(Duration.ofMillis(random.nextInt(50)));
        if (random.nextInt(40) == 0) {
            world.time().pass(Duration.ofMillis(random.nextInt(30_000)));
        }
        SimulatedProcess process = processes.get(random.nextInt(processes.size()));
        IntSupplier work = process.works().get(random.nextInt(process.works().size()));
        safely(process, () -> {
            if (faults.strikes(chances.forgery())) {
                Forger.answer(world);
            }
            if (faults.strikes(chances.hold())) {
                List<String> names = world.participants().toList();
                world.holdOrRelease(names.get(random.nextInt(names.size())));
            }
            return work.getAsInt();
        });
    }

    private int safely(SimulatedProcess process, IntSupplier work) {
        boolean wasAwake = faults.awake(true);
        try {
            return work.getAsInt();
        } catch (SimulatedCrash crash) {
            process.restart();
            return 1;
        } catch (RuntimeException thrown) {
            if (!Infrastructure.isAway(thrown)) {
                world.troubles().add(thrown.toString());
            }
            return 1;
        } finally {
            faults.awake(wasAwake);
        }
    }

    private void probe(MemoryDatabase database, Point point) {
        world.crashPerhaps();
        if (faults.strikes(chances.lostConnection())) {
            throw new DataAccessResourceFailureException(
                    "The connection broke", new SQLException("The connection broke", "08006"));
        }
        if (point == Point.STATEMENT && depth < DEEPEST && faults.strikes(chances.interleaving())) {
            depth++;
            try {
                TransactionTemplate suspended = new TransactionTemplate(database.transactions());
                suspended.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
                suspended.executeWithoutResult(status -> act());
            } finally {
                depth--;
            }
        }
    }
}
