package io.amends.dashboard.bulk;

import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.bulk.BulkTable.Claim;
import io.amends.dashboard.bulk.BulkTable.Held;
import io.amends.dashboard.bulk.BulkTable.Open;
import io.amends.dashboard.verbs.ActionTaken;
import io.amends.dashboard.verbs.Circumstances;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.Outcomes;
import io.amends.dashboard.verbs.VerbOrder;
import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.rounds.Rounds;
import io.amends.runtime.rounds.Rounds.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries runs out, and settles what came of orders. Every process may have one. An item's order and what is noted of the
 * item are one transaction, so that a process that dies leaves nothing half done; who takes the run over after the lease
 * goes on with the next open item. Safe for use by many threads.
 */
public final class BulkWorker {

    private static final Logger log = LoggerFactory.getLogger(BulkWorker.class);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int MOST_SETTLED = 500;
    private static final int LONGEST_DETAIL = 500;
    /** Of one run, until the others have their turn. */
    private static final int TURN = 20;

    private final String owner;
    private final ConsoleVerbs verbs;
    private final Outcomes outcomes;
    private final AuditLog audit;
    private final BulkTable table;
    private final TransactionTemplate transaction;
    private final Duration again;
    /** Runs of which that was said. */
    private final Set<UUID> troubled = ConcurrentHashMap.newKeySet();

    /** In how many milliseconds the next order is allowed that was too early in the last look. */
    private final AtomicLong early = new AtomicLong(Long.MAX_VALUE);

    private final Rounds rounds;

    /**
     * @param owner a name that no other process has, also not this one after a restart
     * @param verbs carries out the orders
     * @param outcomes tells what came of them
     * @param audit where it is noted that a run stopped
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     */
    public BulkWorker(
            String owner,
            ConsoleVerbs verbs,
            Outcomes outcomes,
            AuditLog audit,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions) {
        this(owner, verbs, outcomes, audit, new BulkTable(jdbc, LEASE), transactions, AGAIN);
    }

    /**
     * @param table the statements
     * @param again how soon what is not settled is looked at again
     */
    BulkWorker(
            String owner,
            ConsoleVerbs verbs,
            Outcomes outcomes,
            AuditLog audit,
            BulkTable table,
            PlatformTransactionManager transactions,
            Duration again) {
        this.owner = owner;
        this.verbs = verbs;
        this.outcomes = outcomes;
        this.audit = audit;
        this.table = table;
        this.transaction = new TransactionTemplate(transactions);
        this.again = again;
        this.rounds = new Rounds(
                "saga-console-runs", "The worker on the console's runs", this::round, () -> table.release(owner));
    }

    /** Begins looking, that often, on a thread of its own. */
    public void start(Duration interval) {
        rounds.start(interval);
    }

    /** Ends after the items that are under way, waiting at most that long, and gives its runs up. */
    public void stop(Duration limit) {
        rounds.stop(limit);
    }

    private Duration round(Turn turn) {
        if (look() > 0) {
            return Duration.ZERO;
        }
        Duration until = Duration.ofMillis(early.get());
        return until.compareTo(turn.interval()) < 0 ? until : turn.interval();
    }

    /**
     * Looks once: settles what can be, and gives each run a turn. For tests and tools that do not want to wait.
     *
     * @return how many orders were given
     */
    public int look() {
        early.set(Long.MAX_VALUE);
        outcomes.settle(MOST_SETTLED, again);
        table.settle(MOST_SETTLED);
        List<Claim> claims = transaction.execute(status -> table.claim(owner));
        if (claims == null || claims.isEmpty()) {
            return 0;
        }
        int given = 0;
        for (Claim claim : claims) {
            given += turnSafely(claim);
        }
        return given;
    }

    /** A run that this process can't carry out, such as one of a verb of a newer version, does not hold the others up. */
    private int turnSafely(Claim claim) {
        try {
            int given = turn(claim);
            troubled.remove(claim.runId());
            return given;
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfAway(thrown);
            if (troubled.add(claim.runId())) {
                log.warn("Run {} can't be carried out here: {}", claim.runId(), ErrorText.of(thrown));
            }
            return 0;
        }
    }

    private int turn(Claim claim) {
        if (!advance(claim)) {
            return 0;
        }
        int given = 0;
        while (given < TURN && giveOne(claim)) {
            given++;
        }
        return given;
    }

    /** Whether there is something to do. */
    private boolean advance(Claim claim) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            Optional<Held> held = table.hold(claim);
            if (held.isEmpty()) {
                return false;
            }
            Held run = held.get();
            Ramp.Counts counts = table.counts(claim.runId(), Ramp.bound(run.ramp(), run.stage(), run.items()));
            switch (Ramp.next(counts, run.ramp(), run.stage(), run.items(), run.stopRatio())) {
                case GO_ON -> {
                    return true;
                }
                case NEXT_STAGE -> {
                    table.nextStage(claim.runId());
                    return true;
                }
                case DONE -> table.end(claim.runId(), BulkState.DONE, null);
                case STOP -> stop(claim.runId(), run, counts);
                case WAIT -> {
                    // what was ordered takes its time
                }
            }
            return false;
        }));
    }

    private void stop(UUID runId, Held run, Ramp.Counts counts) {
        String why =
                "%d of the %d whose outcome is known failed, more than the ratio of %s that the run stops at. Look at its items; resume it, with another ratio if need be, or cancel it."
                        .formatted(counts.failed(), counts.failed() + counts.progressed(), run.stopRatio());
        table.end(runId, BulkState.STOPPED, why);
        audit.append(AuditEntry.note(
                new Operator("saga-console", null),
                "stop-run",
                run.verb().name(),
                Subject.run(runId, run.filter()),
                why));
    }

    /** An order that was given, or tried. */
    private record Given(VerbOrder order, Circumstances circumstances) {}

    /** Gives one order; false if it is too early, or there is none, or the run is not its own any more. */
    private boolean giveOne(Claim claim) {
        AtomicReference<@Nullable Given> tried = new AtomicReference<>();
        try {
            return Boolean.TRUE.equals(transaction.execute(status -> inTransaction(claim, tried)));
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfUnreachable(thrown);
            Given given = tried.get();
            if (given == null) {
                throw thrown;
            }
            return Boolean.TRUE.equals(transaction.execute(status -> threw(claim, given, thrown)));
        }
    }

    private boolean inTransaction(Claim claim, AtomicReference<@Nullable Given> tried) {
        table.endIfItHangs();
        Optional<Held> held = table.hold(claim);
        if (held.isEmpty()) {
            return false;
        }
        Held run = held.get();
        if (!run.early().isZero()) {
            early.accumulateAndGet(run.early().toMillis(), Math::min);
            return false;
        }
        Optional<Open> next = table.next(claim.runId(), Ramp.bound(run.ramp(), run.stage(), run.items()));
        if (next.isEmpty()) {
            return false;
        }
        UUID sagaId = next.get().sagaId();
        VerbOrder order = new VerbOrder(
                sagaId,
                run.verb(),
                run.askedBy(),
                run.reason(),
                next.get().seenRevision(),
                "run " + claim.runId() + " " + sagaId);
        Circumstances circumstances = new Circumstances(run.approvedBy(), null, claim.runId(), run.patience());
        tried.set(new Given(order, circumstances));
        ActionTaken taken = verbs.carryOut(order, circumstances);
        table.done(claim, sagaId, state(taken), taken.actionId(), shortened(taken.explanation()));
        return true;
    }

    /** An item must not hold the others up. If its transaction did commit after all, it is not open any more. */
    private boolean threw(Claim claim, Given given, RuntimeException thrown) {
        UUID sagaId = given.order().sagaId();
        if (table.hold(claim).isEmpty()) {
            return false;
        }
        if (table.isOpen(claim.runId(), sagaId)) {
            long line = verbs.noteThrown(given.order(), given.circumstances(), thrown)
                    .id();
            table.done(claim, sagaId, ItemState.THREW, line, shortened(ErrorText.of(thrown)));
        }
        return true;
    }

    private static ItemState state(ActionTaken taken) {
        boolean isAnother = taken.result().equals(Result.CHANGED_SINCE.name())
                || taken.result().equals(Result.NOT_FOUND.name());
        return isAnother ? ItemState.CHANGED : ItemState.valueOf(taken.state().name());
    }

    private static @Nullable String shortened(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL) + "...";
    }
}
