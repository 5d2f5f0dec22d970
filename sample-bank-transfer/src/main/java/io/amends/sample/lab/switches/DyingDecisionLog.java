package io.amends.sample.lab.switches;

import io.amends.twopc.Decision;
import io.amends.twopc.DecisionLog;
import io.amends.twopc.HeuristicOutcome;
import io.amends.twopc.TransactionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A log of decisions whose process dies right before or right after one is written, once, if a {@link DeathSwitch} is armed. */
final class DyingDecisionLog implements DecisionLog {

    private final DecisionLog log;
    private final Path folder;
    private final Runnable death;

    /**
     * @param folder where the switches are
     * @param death ends the process at once
     */
    DyingDecisionLog(DecisionLog log, Path folder, Runnable death) {
        this.log = log;
        this.folder = folder;
        this.death = death;
    }

    @Override
    public boolean commit(Decision decision, Duration limit) {
        dieAt(DeathSwitch.BEFORE_DECISION);
        boolean written = log.commit(decision, limit);
        if (written) {
            dieAt(DeathSwitch.AFTER_DECISION);
        }
        return written;
    }

    private void dieAt(DeathSwitch moment) {
        if (moment.disarm(folder)) {
            death.run();
        }
    }

    @Override
    public Map<TransactionId, Decision> settle(Map<TransactionId, String> transactions, Duration limit) {
        return log.settle(transactions, limit);
    }

    @Override
    public Map<TransactionId, Decision> find(Collection<TransactionId> transactions, Duration limit) {
        return log.find(transactions, limit);
    }

    @Override
    public List<Decision> unfinished(int most, Duration limit) {
        return log.unfinished(most, limit);
    }

    @Override
    public void done(Collection<TransactionId> transactions, Duration limit) {
        log.done(transactions, limit);
    }

    @Override
    public void heuristic(HeuristicOutcome found, Duration limit) {
        log.heuristic(found, limit);
    }

    @Override
    public List<HeuristicOutcome> heuristics(int most, Duration limit) {
        return log.heuristics(most, limit);
    }

    @Override
    public int forget(Duration retention, Duration limit) {
        return log.forget(retention, limit);
    }

    @Override
    public void check(Duration limit) {
        log.check(limit);
    }

    @Override
    public String settleByHand(TransactionId transaction, String coordinator) {
        return log.settleByHand(transaction, coordinator);
    }
}
