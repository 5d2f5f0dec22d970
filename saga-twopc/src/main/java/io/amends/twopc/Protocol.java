package io.amends.twopc;

import io.amends.twopc.Probe.Point;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the branches of a transaction together: presumed abort, after C. Mohan, B. Lindsay and R. Obermarck, "Transaction
 * Management in the R* Distributed Database Management System" (1986). A commit is written to the log before any branch
 * hears of it; an abort is not written at all, for a transaction of which the log has nothing aborts. Only here a COMMIT is
 * ever written, once for a transaction, so an abort before that point needs no fence. Safe for use by many threads.
 */
final class Protocol {

    private static final Logger log = LoggerFactory.getLogger(Protocol.class);
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    private final CoordinatorName name;
    private final DecisionLog decisions;
    private final TwoPhaseSettings settings;
    private final Parallel parallel;
    private final Probe probe;
    private final Aftermath aftermath;

    /** Who cares for what the protocol leaves behind. Calls must be quick and throw nothing. */
    interface Aftermath {

        /** All branches are known to be committed. */
        void done(TransactionId transaction);

        /** A branch is left that recovery has to end. */
        void left(TransactionId transaction);
    }

    Protocol(
            CoordinatorName name,
            DecisionLog decisions,
            TwoPhaseSettings settings,
            Parallel parallel,
            Probe probe,
            Aftermath aftermath) {
        this.name = name;
        this.decisions = decisions;
        this.settings = settings;
        this.parallel = parallel;
        this.probe = probe;
        this.aftermath = aftermath;
    }

    /** Finds out who wrote. Something only if one can't commit. */
    Optional<Finish> ask(List<Branch> all) {
        List<Optional<Finish>> answers = parallel.forAll(
                all,
                branch -> branch.ask(settings.prepareTimeout())
                        .map(no ->
                                new Finish.Aborted(Phase.PREPARE, branch.name(), no.reason(), no.cause(), no.again())));
        return answers.stream().flatMap(Optional::stream).findFirst();
    }

    /** One branch wrote, so its own commit decides; the others end first, so that they can still refuse. */
    Finish onePhase(TransactionId id, List<Branch> all, Branch writer) {
        List<Branch> others = all.stream().filter(branch -> branch != writer).toList();
        Verdict verdict = Verdict.of(vote(id, others));
        if (verdict instanceof Verdict.Abort abort) {
            return aborted(Phase.PREPARE, abort);
        }
        Branch.Alone ended = writer.commitAlone(settings.decisionTimeout());
        return switch (ended.state()) {
            case COMMITTED -> Finish.Committed.EVERYWHERE;
            case ROLLED_BACK ->
                new Finish.Aborted(
                        Phase.COMMIT, writer.name(), ended.reason(), ended.cause(), SqlStates.lostRace(ended.cause()));
            case UNSETTLED, UNKNOWN -> throw new TransactionInDoubtException(id, ended.reason(), ended.cause());
        };
    }

    /** All vote, the log decides, all are told. */
    Finish twoPhases(TransactionId id, List<Branch> all) {
        Map<String, Vote> votes = vote(id, all);
        Verdict verdict = Verdict.of(votes);
        if (verdict instanceof Verdict.Nothing) {
            return Finish.Committed.EVERYWHERE;
        }
        if (verdict instanceof Verdict.Commit commit) {
            Decision decision = new Decision(id, Outcome.COMMIT, name.coordinator(), commit.prepared());
            Optional<Finish.Aborted> lost = decide(decision);
            if (lost.isEmpty()) {
                return new Finish.Committed(carryOut(decision, all));
            }
            rollBack(id, all, votes);
            return lost.get();
        }
        rollBack(id, all, votes);
        return aborted(Phase.PREPARE, (Verdict.Abort) verdict);
    }

    private static Finish.Aborted aborted(Phase phase, Verdict.Abort abort) {
        return new Finish.Aborted(phase, abort.branch(), abort.reason(), abort.cause(), abort.again());
    }

    private Map<String, Vote> vote(TransactionId id, List<Branch> branches) {
        List<Vote> votes = parallel.forAll(branches, branch -> {
            if (branch.mayHaveWritten()) {
                probe.at(Point.BEFORE_PREPARE, branch.name());
            }
            Vote vote = branch.vote(name.gid(id, branch.name()), settings.prepareTimeout());
            if (vote instanceof Vote.Prepared) {
                probe.at(Point.AFTER_PREPARE, branch.name());
            }
            return vote;
        });
        Map<String, Vote> named = new LinkedHashMap<>();
        for (int i = 0; i < votes.size(); i++) {
            named.put(branches.get(i).name(), votes.get(i));
        }
        return named;
    }

    /**
     * Writes the decision.
     *
     * @return empty if it is durable, else why the transaction aborts
     * @throws TransactionInDoubtException if nobody can tell which of them
     */
    private Optional<Finish.Aborted> decide(Decision decision) {
        probe.at(Point.BEFORE_DECISION, "");
        try {
            if (decisions.commit(decision, settings.decisionTimeout())) {
                probe.at(Point.AFTER_DECISION, "");
                return Optional.empty();
            }
        } catch (DecisionLogException trouble) {
            if (!trouble.sent()) {
                return Optional.of(new Finish.Aborted(
                        Phase.DECISION, null, "the log of decisions can't be reached", trouble, false));
            }
            return settle(decision, trouble);
        } catch (RuntimeException unexpected) {
            return settle(decision, unexpected);
        }
        return Optional.of(settledByOthers(null));
    }

    /**
     * The answer is lost. A row that aborts is offered; whichever of the two is in the log then is what counts, and the
     * lost one can't come after it.
     */
    private Optional<Finish.Aborted> settle(Decision decision, RuntimeException lost) {
        TransactionId id = decision.transaction();
        Deadline deadline = Deadline.in(settings.decisionTimeout());
        try (Waiting waiting = new Waiting()) {
            while (true) {
                try {
                    Decision counts = decisions
                            .settle(Map.of(id, decision.coordinator()), deadline.left())
                            .get(id);
                    if (counts != null) {
                        return counts.outcome() == Outcome.COMMIT
                                ? Optional.empty()
                                : Optional.of(settledByOthers(lost));
                    }
                } catch (RuntimeException away) {
                    if (lost.getSuppressed().length == 0) {
                        lost.addSuppressed(away);
                    }
                }
                if (deadline.isOver()) {
                    aftermath.left(id);
                    throw new TransactionInDoubtException(
                            id,
                            "the answer of the log of decisions was lost, and it can't be asked. The branches stay prepared and keep their locks until it can; recovery ends them then. Ask outcome(...)",
                            lost);
                }
                waiting.pause(ASK_AGAIN);
            }
        }
    }

    private static Finish.Aborted settledByOthers(@Nullable RuntimeException cause) {
        return new Finish.Aborted(
                Phase.DECISION,
                null,
                cause == null
                        ? "it was settled as aborted before its decision was written; it took longer than take-over-after"
                        : "its decision was not written",
                cause,
                false);
    }

    /** Who could not be told. */
    private Set<String> carryOut(Decision decision, List<Branch> all) {
        TransactionId id = decision.transaction();
        List<Decision.Branch> parts = decision.branches();
        List<Boolean> ended = parallel.forAll(parts, part -> carryOut(decision, part, find(all, part.participant())));
        Set<String> untold = new LinkedHashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            if (!ended.get(i)) {
                untold.add(parts.get(i).participant());
            }
        }
        if (untold.isEmpty()) {
            probe.at(Point.BEFORE_DONE, "");
            aftermath.done(id);
        } else {
            aftermath.left(id);
        }
        return untold;
    }

    /** Whether nothing is left to do. */
    private boolean carryOut(Decision decision, Decision.Branch part, Branch branch) {
        TransactionId id = decision.transaction();
        probe.at(Point.BEFORE_COMMIT, branch.name());
        try {
            BranchState state = branch.commit(name.gid(id, branch.name()), part.xid(), settings.commitTimeout());
            probe.at(Point.AFTER_COMMIT, branch.name());
            return switch (state) {
                case COMMITTED -> true;
                case UNSETTLED -> false;
                case ROLLED_BACK, UNKNOWN -> {
                    note(new HeuristicOutcome(id, Outcome.COMMIT, name.coordinator(), branch.name(), state));
                    yield true;
                }
            };
        } catch (RuntimeException later) {
            log.debug("Branch {} of transaction {} is left to recovery", branch.name(), id, later);
            return false;
        }
    }

    /** Tells those that were prepared, or may be. What can't be told is prepared without a decision: recovery aborts it. */
    private void rollBack(TransactionId id, List<Branch> all, Map<String, Vote> votes) {
        List<Branch> told = all.stream()
                .filter(branch -> votes.get(branch.name()) instanceof Vote.Prepared
                        || votes.get(branch.name()) instanceof Vote.Unknown)
                .toList();
        List<Boolean> ended = parallel.forAll(told, branch -> rollBack(id, branch, votes.get(branch.name())));
        if (ended.contains(false)) {
            aftermath.left(id);
        }
    }

    private boolean rollBack(TransactionId id, Branch branch, @Nullable Vote vote) {
        String xid = vote instanceof Vote.Prepared prepared ? prepared.xid() : null;
        try {
            BranchState state = branch.rollback(name.gid(id, branch.name()), xid, settings.commitTimeout());
            if (state == BranchState.COMMITTED) {
                note(new HeuristicOutcome(id, Outcome.ABORT, name.coordinator(), branch.name(), state));
            }
            // One that did not answer may still be about to prepare, so that recovery has to look again.
            return state != BranchState.UNSETTLED && vote instanceof Vote.Prepared;
        } catch (RuntimeException later) {
            log.debug("Branch {} of transaction {} is left to recovery", branch.name(), id, later);
            return false;
        }
    }

    private void note(HeuristicOutcome found) {
        Heuristics.tell(log, found);
        decisions.heuristic(found, settings.decisionTimeout());
    }

    private static Branch find(List<Branch> all, String participant) {
        return all.stream()
                .filter(branch -> branch.name().equals(participant))
                .findFirst()
                .orElseThrow();
    }
}
