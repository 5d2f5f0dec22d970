package io.amends.twopc.simulation;

import io.amends.twopc.Decides;
import io.amends.twopc.Outcome;
import io.amends.twopc.Vote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of two-phase commit with presumed abort and its log, as {@code Protocol} and {@code RecoveryRound} have
 * them: only a commit is written before it is told; whoever finds a branch in doubt of which nothing is decided writes ABORT
 * first. After C. Mohan, B. Lindsay and R. Obermarck, "Transaction Management in the R* Distributed Database Management
 * System" (1986).
 *
 * @param votes so far; forgotten in a crash
 * @param running whether the transaction is in its hands; false after a crash
 * @param log what is written, null: nothing
 */
record TwoPhaseCoordinator(
        List<String> banks,
        Map<String, Vote> votes,
        boolean running,
        State state,
        @Nullable Outcome log,
        Defect defect) implements Process {

    static TwoPhaseCoordinator of(List<String> banks, Defect defect) {
        return new TwoPhaseCoordinator(banks, Map.of(), true, State.WORKING, null, defect);
    }

    @Override
    public Step begin() {
        return Step.to(this)
                .sendAll(banks, Kind.PREPARE)
                .wake(Times.ROUND, Alarm.VOTES_LATE)
                .wake(Times.LOOK, Alarm.LOOK);
    }

    @Override
    public Step receive(String from, Kind kind) {
        return switch (kind) {
            case YES -> voted(from, new Vote.Prepared(null));
            case NO -> voted(from, new Vote.Refused("no", null, false));
            case IN_DOUBT -> running ? Step.to(this) : settle(from);
            default -> Step.to(this);
        };
    }

    private Step voted(String bank, Vote vote) {
        if (!running) {
            return Step.to(this);
        }
        Map<String, Vote> now = new LinkedHashMap<>(votes);
        now.put(bank, vote);
        TwoPhaseCoordinator next = new TwoPhaseCoordinator(banks, Map.copyOf(now), true, state, log, defect);
        return now.size() == banks.size() ? next.decide() : Step.to(next);
    }

    private Step decide() {
        Map<String, Vote> all = new LinkedHashMap<>(votes);
        Vote silence = defect == Defect.SILENCE_IS_A_YES
                ? new Vote.Prepared(null)
                : new Vote.Unknown("no answer came in time", null);
        banks.forEach(bank -> all.putIfAbsent(bank, silence));
        if (Decides.commit(all)) {
            return Step.to(ended(State.COMMITTED, Outcome.COMMIT)).sendAll(banks, Kind.COMMIT);
        }
        List<String> others = banks.stream()
                .filter(bank -> !(all.get(bank) instanceof Vote.Refused))
                .toList();
        return Step.to(ended(State.ABORTED, null)).sendAll(others, Kind.ABORT);
    }

    /** A branch is in doubt and the transaction is in nobody's hands: what the log says counts, and nothing means abort. */
    private Step settle(String bank) {
        if (log == Outcome.COMMIT) {
            return Step.to(this).send(bank, Kind.COMMIT);
        }
        return Step.to(ended(State.ABORTED, Outcome.ABORT)).send(bank, Kind.ABORT);
    }

    private TwoPhaseCoordinator ended(State end, @Nullable Outcome written) {
        return new TwoPhaseCoordinator(banks, votes, false, end, written, defect);
    }

    @Override
    public Step wake(Alarm alarm) {
        return switch (alarm) {
            case VOTES_LATE -> running ? decide() : Step.to(this);
            case LOOK -> look();
            default -> Step.to(this);
        };
    }

    private Step look() {
        return Step.to(this).sendAll(banks, Kind.ANYTHING_IN_DOUBT).wake(Times.LOOK, Alarm.LOOK);
    }

    @Override
    public Step comeBack() {
        Outcome kept = defect == Defect.DECISION_IS_NOT_DURABLE ? null : log;
        State known = kept == null ? State.WORKING : kept == Outcome.COMMIT ? State.COMMITTED : State.ABORTED;
        return new TwoPhaseCoordinator(banks, Map.of(), false, known, kept, defect).look();
    }
}
