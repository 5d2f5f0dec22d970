package io.amends.sample.transfer;

import io.amends.sample.transfer.TwoPhaseTransfer.Status;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.twopc.TwoPhaseProperties;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.Decision;
import io.amends.twopc.DecisionLog;
import io.amends.twopc.Outcome;
import io.amends.twopc.TransactionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Finds out what became of transfers that nobody works on any more: their process died, or could not be told. The log of
 * decisions is asked in such a way that what it answers stays true: a transaction of which it has nothing is written down
 * as aborted, and can't commit after that.
 */
@Component
class TwoPhaseSettling implements SmartLifecycle {

    static final String NOT_KNOWN = "the log of decisions can't be asked yet";
    static final String LEFT = "its work was cut off before anything was decided";

    private static final Logger log = LoggerFactory.getLogger(TwoPhaseSettling.class);
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final int MOST = 10_000;

    private final TwoPhaseTransfers transfers;
    private final TwoPhaseDesk desk;
    private final DecisionLog decisions;
    private final TransferWaiters waiters;
    private final TwoPhaseProperties settings;
    private final CoordinatorName name;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "two-phase-settling"));
    private final AtomicBoolean troubled = new AtomicBoolean();
    private volatile boolean running;

    TwoPhaseSettling(
            TwoPhaseTransfers transfers,
            TwoPhaseDesk desk,
            DecisionLog decisions,
            TransferWaiters waiters,
            TwoPhaseProperties settings,
            CoordinatorName name) {
        this.transfers = transfers;
        this.desk = desk;
        this.decisions = decisions;
        this.waiters = waiters;
        this.settings = settings;
        this.name = name;
    }

    @Override
    public void start() {
        running = true;
        looks.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            List<TwoPhaseTransfer> left =
                    transfers.open(name, settings.takeOverAfter(), settings.retention(), MOST).stream()
                            .filter(transfer ->
                                    !desk.isBusyWith(transfer.order().id()))
                            .toList();
            if (!left.isEmpty()) {
                settle(left);
            }
            if (troubled.compareAndSet(true, false)) {
                log.info("Transfers in doubt are settled again");
            }
        } catch (RuntimeException away) {
            if (troubled.compareAndSet(false, true)) {
                log.warn("Transfers in doubt can't be settled now; it is tried again and again", away);
            }
        }
    }

    private void settle(List<TwoPhaseTransfer> left) {
        Map<TransactionId, String> undecided = new HashMap<>();
        for (TwoPhaseTransfer transfer : left) {
            TransactionId run = transfer.transaction();
            if (run != null && transfer.status() != Status.DECIDED) {
                undecided.put(run, transfer.coordinator());
            }
        }
        Map<TransactionId, Decision> decided = decisions.settle(undecided, settings.decisionTimeout());
        // Read after the decisions, so that one that commits is among them until all banks were told.
        Set<TransactionId> unfinished = decisions.unfinished(MOST, settings.decisionTimeout()).stream()
                .map(Decision::transaction)
                .collect(Collectors.toSet());
        for (TwoPhaseTransfer transfer : left) {
            TransactionId run = transfer.transaction();
            if (run == null) {
                // No bank has heard of it, nor will: a run that wants to begin after this is told that it must not.
                note(transfer, Status.ABORTED, LEFT);
            } else if (transfer.status() == Status.DECIDED || commits(decided.get(run))) {
                if (!unfinished.contains(run)) {
                    note(transfer, Status.COMMITTED, null);
                } else if (transfer.status() != Status.DECIDED) {
                    noteDecided(transfer, run);
                }
            } else if (decided.containsKey(run)) {
                note(transfer, Status.ABORTED, LEFT);
            }
        }
    }

    private static boolean commits(@Nullable Decision decision) {
        return decision != null && decision.outcome() == Outcome.COMMIT;
    }

    /** Its own process was told which banks know; whoever comes after it is told only whether all do. */
    private void noteDecided(TwoPhaseTransfer transfer, TransactionId run) {
        Set<String> banks = transfer.banks();
        if (transfers.noteDecided(transfer.order().id(), run, notTold(banks), banks)) {
            waiters.changed(transfer.order().id());
        }
    }

    /** The reason of a transfer that commits while it is not known whether those have. */
    static String notTold(Set<String> banks) {
        return "it is decided that it commits, and is not known to have reached "
                + banks.stream().sorted().collect(Collectors.joining(" and "));
    }

    private void note(TwoPhaseTransfer transfer, Status status, @Nullable String reason) {
        if (transfers.note(transfer.order().id(), transfer.transaction(), status, reason)) {
            waiters.changed(transfer.order().id());
        }
    }

    @Override
    public void stop() {
        running = false;
        // A look that is under way ends by its own limits.
        looks.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return StartupPhases.SUMMARY;
    }
}
