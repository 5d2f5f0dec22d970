package io.amends.twopc;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactions over several databases and services that commit all together or not at all, by two-phase commit. Start it
 * once for a process; use it from any thread.
 *
 * <pre>{@code
 * transactions.executeWithoutResult(tx -> {
 *     tx.branch("bank-a", connection -> debit(connection, amount));
 *     tx.branch("bank-b", connection -> credit(connection, amount));
 * });
 * }</pre>
 */
public final class TwoPhaseTransactions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TwoPhaseTransactions.class);
    private static final int MOST_HEURISTICS = 1000;

    private final CoordinatorName name;
    private final DecisionLog decisions;
    private final Map<String, Participant> participants;
    private final TwoPhaseSettings settings;
    private final Supplier<UUID> ids;
    private final DoubleSupplier random;
    private final Semaphore permits;
    private final Parallel phases;
    private final Parallel looks;
    private final Protocol protocol;
    private final Recovery recovery;
    private final Set<TransactionId> running = ConcurrentHashMap.newKeySet();
    private final Set<TransactionId> left = ConcurrentHashMap.newKeySet();

    /**
     * @param name who coordinates
     * @param decisions where decisions are kept
     * @param participants all that may take part; each with another name
     * @param settings times and sizes
     * @param ids makes UUIDs that nobody else has, version 7
     * @param random from 0 to below 1, for pauses; called by many threads
     * @throws IllegalArgumentException if two participants have one name, or a name is too long
     */
    public TwoPhaseTransactions(
            CoordinatorName name,
            DecisionLog decisions,
            Collection<? extends Participant> participants,
            TwoPhaseSettings settings,
            Supplier<UUID> ids,
            DoubleSupplier random) {
        this(name, decisions, participants, settings, ids, random, Probe.NONE, Ours.of(name));
    }

    TwoPhaseTransactions(
            CoordinatorName name,
            DecisionLog decisions,
            Collection<? extends Participant> participants,
            TwoPhaseSettings settings,
            Supplier<UUID> ids,
            DoubleSupplier random,
            Probe probe,
            Ours ours) {
        this.name = name;
        this.decisions = decisions;
        this.participants = byName(name, participants);
        this.settings = settings;
        this.ids = ids;
        this.random = random;
        // Fair: else some wait for seconds while others that come later are served.
        this.permits = new Semaphore(settings.concurrency(), true);
        this.phases = new Parallel("saga-twopc", 2 * settings.concurrency());
        this.looks = new Parallel("saga-twopc-look", Math.max(1, this.participants.size()));
        this.recovery = new Recovery(
                new RecoveryRound(
                        name,
                        this.participants,
                        decisions,
                        settings,
                        looks,
                        running::contains,
                        ours,
                        new Trouble(LoggerFactory.getLogger(Recovery.class))),
                decisions,
                settings);
        this.protocol = new Protocol(name, decisions, settings, phases, probe, new Protocol.Aftermath() {
            @Override
            public void done(TransactionId transaction) {
                recovery.done(transaction);
            }

            @Override
            public void left(TransactionId transaction) {
                left.add(transaction);
            }
        });
    }

    private static Map<String, Participant> byName(CoordinatorName name, Collection<? extends Participant> all) {
        Map<String, Participant> named = new LinkedHashMap<>();
        for (Participant participant : all) {
            // The longest that a name can become; refused here rather than at the first PREPARE.
            name.gid(new TransactionId(new UUID(0, 0)), participant.name());
            if (named.put(participant.name(), participant) != null) {
                throw new IllegalArgumentException("Two participants have the name " + participant.name());
            }
        }
        return Collections.unmodifiableMap(named);
    }

    /**
     * Checks whether all is as it must be, then recovers what an earlier life of this or another process has left, now and
     * again and again, on a thread of its own.
     *
     * @throws TwoPhaseRefusedException if two-phase commit can't work here
     */
    public void start() {
        StartupCheck.check(name, decisions, participants.values(), settings, looks);
        recovery.start();
    }

    /**
     * Does the work in a transaction and commits it. If it returns, all branches are committed or will be, whatever crashes.
     *
     * <p>Work that loses a deadlock or a serialisation conflict is rolled back and runs again, in a new transaction, a bounded
     * number of times; the last time what it threw passes on.
     *
     * @param work may run several times
     * @return what the work returned
     * @throws E what the work threw; all is rolled back
     * @throws TransactionAbortedException if it could not commit; nothing happened, and it may be tried again
     * @throws TransactionInDoubtException if nobody can tell for now; recovery settles it
     * @throws IllegalStateException in a Spring transaction, which could not take part
     */
    public <T extends @Nullable Object, E extends Exception> T execute(TransactionWork<T, E> work) throws E {
        return this.<T, E>commit(work).result();
    }

    /** As {@link #execute}, with what is known of the transaction besides its result. */
    public <T extends @Nullable Object, E extends Exception> Committed<T> commit(TransactionWork<T, E> work) throws E {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "A Spring transaction is active in this thread, and would neither commit nor roll back with this one. Call execute outside of it; inside of a branch its data source's templates take part.");
        }
        admit();
        try {
            for (int run = 1; ; run++) {
                Committed<T> ended = once(work, run >= settings.attempts());
                if (ended != null) {
                    return ended;
                }
                pause(run);
            }
        } finally {
            permits.release();
        }
    }

    /** As {@link #execute}, for work without a result. */
    public <E extends Exception> void executeWithoutResult(WorkWithoutResult<E> work) throws E {
        this.<Boolean, E>execute(transaction -> {
            work.in(transaction);
            return true;
        });
    }

    /**
     * Work without a result; see {@link TransactionWork}.
     *
     * @param <E> what it throws
     */
    @FunctionalInterface
    public interface WorkWithoutResult<E extends Exception> {

        /** Works in that transaction. */
        void in(TwoPhaseTransaction transaction) throws E;
    }

    /**
     * A transaction that committed.
     *
     * @param transaction its name, that of its last run
     * @param result what its work returned
     * @param untold participants that could not be told yet, so that their branches may still be prepared; recovery tells
     *     them. Mostly empty
     * @param <T> the result
     */
    public record Committed<T extends @Nullable Object>(TransactionId transaction, T result, Set<String> untold) {

        public Committed {
            untold = Set.copyOf(untold);
        }
    }

    /** Null: it lost a race, and may run again. */
    private <T extends @Nullable Object, E extends Exception> @Nullable Committed<T> once(
            TransactionWork<T, E> work, boolean last) throws E {
        TransactionId id = new TransactionId(ids.get());
        running.add(id);
        // Whatever is thrown while it ends: recovery had better look.
        boolean known = true;
        try (Attempt attempt = new Attempt(id, protocol, participants, settings)) {
            T result;
            try {
                result = work.in(attempt);
            } catch (Exception thrown) {
                if (!last && SqlStates.lostRace(thrown)) {
                    log.debug("Transaction {} lost a race in its work and runs again", id, thrown);
                    return null;
                }
                throw thrown;
            }
            known = false;
            Finish finish = attempt.finish();
            known = true;
            if (finish instanceof Finish.Aborted aborted) {
                if (!last && aborted.again()) {
                    log.debug("Transaction {} lost a race at its end and runs again", id, aborted.cause());
                    return null;
                }
                throw new TransactionAbortedException(
                        id, aborted.phase(), aborted.branch(), aborted.reason(), aborted.cause());
            }
            return new Committed<>(id, result, ((Finish.Committed) finish).untold());
        } finally {
            // First out of our hands, so that recovery does not leave it alone.
            running.remove(id);
            if (left.remove(id) || !known) {
                recovery.wake();
            }
        }
    }

    private void admit() {
        try {
            if (permits.tryAcquire(settings.workTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TransactionAbortedException(
                    new TransactionId(ids.get()), Phase.WORK, null, "its thread was interrupted", interrupted);
        }
        throw new TransactionAbortedException(
                new TransactionId(ids.get()),
                Phase.WORK,
                null,
                "%d transactions run already, and none ended within %s"
                        .formatted(settings.concurrency(), settings.workTimeout()),
                null);
    }

    /** Full jitter: anything up to a limit that doubles. Two that met each other should not meet again. */
    private void pause(int run) {
        long limit = settings.backoff().toNanos() << Math.min(run - 1, 10);
        try {
            TimeUnit.NANOSECONDS.sleep((long) (limit * random.getAsDouble()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What is decided of a transaction.
     *
     * @return empty if nothing is: it runs still, or was rolled back, or wrote to one database only
     * @throws DecisionLogException if the log can't be read
     */
    public Optional<Outcome> outcome(TransactionId transaction) {
        return Optional.ofNullable(decisions
                        .find(List.of(transaction), settings.decisionTimeout())
                        .get(transaction))
                .map(Decision::outcome);
    }

    /** Every branch of this installation that is prepared and not ended, with what an operator may do. */
    public InDoubtList inDoubt() {
        Inventory inventory = Inventory.take(participants, Ours.of(name), settings.commitTimeout(), looks);
        return InDoubtList.of(inventory, participants, decisions, settings, running);
    }

    /** What the last round of recovery has left in doubt; asks nobody. None before the first. */
    public InDoubtFigures lastSeen() {
        return recovery.left();
    }

    /**
     * Branches that did not end as was decided, the newest first. Not repaired by anybody but an operator.
     *
     * @throws DecisionLogException if the log can't be read
     */
    public List<HeuristicOutcome> heuristics() {
        return decisions.heuristics(MOST_HEURISTICS, settings.decisionTimeout());
    }

    /** Recovers now, in this thread, whatever else does at the same time. What can't be done now is left to later. */
    public void recover() {
        recovery.flush();
        recovery.recover();
    }

    /** Ends recovery. Transactions that run still end. */
    @Override
    public void close() {
        recovery.stop();
        phases.close();
        looks.close();
    }
}
