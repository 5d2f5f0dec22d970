package io.amends.twopc;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The real log of decisions, with parts that a test replaces. */
class ForwardingLog implements DecisionLog {

    final DecisionLog real;

    ForwardingLog(DecisionLog real) {
        this.real = real;
    }

    @Override
    public boolean commit(Decision decision, Duration limit) {
        return real.commit(decision, limit);
    }

    @Override
    public Map<TransactionId, Decision> settle(Map<TransactionId, String> transactions, Duration limit) {
        return real.settle(transactions, limit);
    }

    @Override
    public Map<TransactionId, Decision> find(Collection<TransactionId> transactions, Duration limit) {
        return real.find(transactions, limit);
    }

    @Override
    public List<Decision> unfinished(int most, Duration limit) {
        return real.unfinished(most, limit);
    }

    @Override
    public void done(Collection<TransactionId> transactions, Duration limit) {
        real.done(transactions, limit);
    }

    @Override
    public void heuristic(HeuristicOutcome found, Duration limit) {
        real.heuristic(found, limit);
    }

    @Override
    public List<HeuristicOutcome> heuristics(int most, Duration limit) {
        return real.heuristics(most, limit);
    }

    @Override
    public int forget(Duration retention, Duration limit) {
        return real.forget(retention, limit);
    }

    @Override
    public void check(Duration limit) {
        real.check(limit);
    }

    @Override
    public String settleByHand(TransactionId transaction, String coordinator) {
        return real.settleByHand(transaction, coordinator);
    }
}
