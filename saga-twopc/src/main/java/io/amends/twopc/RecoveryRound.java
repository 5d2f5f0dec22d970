package io.amends.twopc;

import io.amends.twopc.Inventory.Found;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at what is prepared and what is decided, and what follows. It may run in several processes at once, and while
 * coordinators work: the log settles who wins, and a branch that somebody else has ended is told by its number.
 */
final class RecoveryRound {

    private static final Logger log = LoggerFactory.getLogger(RecoveryRound.class);

    private static final int MOST_UNFINISHED = 1000;
    private static final String THE_LOG = "the log of decisions";

    private final CoordinatorName name;
    private final Map<String, Participant> participants;
    private final DecisionLog decisions;
    private final TwoPhaseSettings settings;
    private final Parallel parallel;
    private final Predicate<TransactionId> running;
    private final Ours ours;
    private final Trouble trouble;
    private volatile InDoubtFigures left = InDoubtFigures.NONE;

    /** A branch and how it ended in this round. */
    private record Ended(Gid gid, BranchState state) {}

    /**
     * @param running whether a transaction is still in this process's hands
     * @param ours what it may touch
     */
    RecoveryRound(
            CoordinatorName name,
            Map<String, Participant> participants,
            DecisionLog decisions,
            TwoPhaseSettings settings,
            Parallel parallel,
            Predicate<TransactionId> running,
            Ours ours,
            Trouble trouble) {
        this.name = name;
        this.participants = participants;
        this.decisions = decisions;
        this.settings = settings;
        this.parallel = parallel;
        this.running = running;
        this.ours = ours;
        this.trouble = trouble;
    }

    /** Does what can be done now. What can't is said once, and left to a later round. */
    void run() {
        try {
            // Before the look at the participants: a branch that is decided and not seen there has ended.
            List<Decision> unfinished = decisions.unfinished(MOST_UNFINISHED, settings.decisionTimeout());
            Inventory inventory = Inventory.take(participants, ours, settings.commitTimeout(), parallel);
            inventory.away().forEach(trouble::met);
            inventory.found().keySet().forEach(trouble::over);
            Map<TransactionId, Decision> known = decide(inventory);
            Map<Gid, BranchState> ended = end(inventory, known);
            left = InDoubtFigures.of(inventory, ended, running);
            conclude(unfinished, inventory, ended);
            trouble.over(THE_LOG);
        } catch (DecisionLogException away) {
            trouble.met(THE_LOG, away);
        }
    }

    /** What the last round has left in doubt. */
    InDoubtFigures left() {
        return left;
    }

    /** Looks up what is decided, and settles what nobody will decide any more. */
    private Map<TransactionId, Decision> decide(Inventory inventory) {
        Map<TransactionId, String> open = new LinkedHashMap<>();
        Set<TransactionId> abandoned = new HashSet<>();
        for (List<Found> branches : inventory.found().values()) {
            for (Found branch : branches) {
                TransactionId id = branch.gid().transaction();
                if (running.test(id)) {
                    continue;
                }
                open.put(id, branch.gid().coordinator());
                // What is ours and does not run was left by an earlier life of this process, or came late.
                if (branch.gid().coordinator().equals(name.coordinator())
                        || branch.age().compareTo(settings.takeOverAfter()) > 0) {
                    abandoned.add(id);
                }
            }
        }
        Map<TransactionId, Decision> known = new HashMap<>(decisions.find(open.keySet(), settings.decisionTimeout()));
        Map<TransactionId, String> undecided = new LinkedHashMap<>(open);
        undecided.keySet().retainAll(abandoned);
        undecided.keySet().removeAll(known.keySet());
        known.putAll(decisions.settle(undecided, settings.decisionTimeout()));
        return known;
    }

    private Map<Gid, BranchState> end(Inventory inventory, Map<TransactionId, Decision> known) {
        List<List<Ended>> all = parallel.forAll(
                inventory.found().entrySet(), entry -> end(participants.get(entry.getKey()), entry.getValue(), known));
        Map<Gid, BranchState> ended = new HashMap<>();
        all.forEach(some -> some.forEach(one -> ended.put(one.gid(), one.state())));
        return ended;
    }

    private List<Ended> end(
            @Nullable Participant participant, List<Found> branches, Map<TransactionId, Decision> known) {
        List<Ended> ended = new ArrayList<>();
        for (Found branch : branches) {
            Gid gid = branch.gid();
            Decision decision = known.get(gid.transaction());
            if (participant == null || decision == null) {
                continue;
            }
            try {
                BranchState state = end(participant, gid, decision);
                ended.add(new Ended(gid, state));
                trouble.over(gid.text());
            } catch (RuntimeException later) {
                trouble.met(gid.text(), later);
                if (!isAboutOne(later)) {
                    break;
                }
            }
        }
        return ended;
    }

    private BranchState end(Participant participant, Gid gid, Decision decision) {
        if (decision.outcome() == Outcome.ABORT) {
            BranchState state = participant.rollback(gid, null, settings.commitTimeout());
            log.info("Recovery: branch {} is to be rolled back: {}", gid, state);
            return state;
        }
        BranchState state = participant.commit(gid, xid(decision, gid.branch()), settings.commitTimeout());
        log.info("Recovery: branch {} is to be committed: {}", gid, state);
        note(decision, gid.branch(), state);
        return state;
    }

    private static @Nullable String xid(Decision decision, String participant) {
        for (Decision.Branch branch : decision.branches()) {
            if (branch.participant().equals(participant)) {
                return branch.xid();
            }
        }
        return null;
    }

    /** Whether the participant is there and only this branch is in trouble. */
    private static boolean isAboutOne(RuntimeException thrown) {
        return thrown.getCause() instanceof SQLException sql && SqlStates.isRefusal(sql);
    }

    /** Finds the decisions that are carried out: no branch is prepared any more, and each participant says committed. */
    private void conclude(List<Decision> unfinished, Inventory inventory, Map<Gid, BranchState> ended) {
        List<Decision> open = unfinished.stream()
                .filter(decision -> !running.test(decision.transaction()))
                .toList();
        Map<Gid, BranchState> states = new HashMap<>(ended);
        for (Map.Entry<String, List<Found>> entry : inventory.found().entrySet()) {
            Set<Gid> prepared = new HashSet<>();
            entry.getValue().forEach(branch -> prepared.add(branch.gid()));
            Participant participant = participants.get(entry.getKey());
            if (participant != null) {
                states.putAll(ask(participant, open, prepared, ended));
            }
        }
        List<TransactionId> done = new ArrayList<>();
        for (Decision decision : open) {
            boolean all = true;
            for (Decision.Branch branch : decision.branches()) {
                Gid gid = gid(decision, branch);
                BranchState state = states.getOrDefault(gid, BranchState.UNSETTLED);
                if (!ended.containsKey(gid)) {
                    note(decision, branch.participant(), state);
                }
                all &= state != BranchState.UNSETTLED;
                if (!participants.containsKey(branch.participant())) {
                    trouble.met(
                            "decisions of participant " + branch.participant(),
                            new IllegalStateException(
                                    "no participant of that name is configured here, so transaction %s is never known to be carried out"
                                            .formatted(decision.transaction())));
                }
            }
            if (all) {
                done.add(decision.transaction());
            }
        }
        if (!done.isEmpty()) {
            decisions.done(done, settings.decisionTimeout());
        }
    }

    /** What became of the branches that are not prepared at that participant and were not ended in this round. */
    private Map<Gid, BranchState> ask(
            Participant participant, List<Decision> open, Set<Gid> prepared, Map<Gid, BranchState> ended) {
        Map<Gid, String> numbers = new LinkedHashMap<>();
        Map<Gid, BranchState> states = new HashMap<>();
        try {
            for (Decision decision : open) {
                for (Decision.Branch branch : decision.branches()) {
                    Gid gid = gid(decision, branch);
                    String xid = branch.xid();
                    if (!branch.participant().equals(participant.name())
                            || prepared.contains(gid)
                            || ended.containsKey(gid)) {
                        continue;
                    }
                    if (xid == null) {
                        states.put(gid, participant.commit(gid, null, settings.commitTimeout()));
                    } else {
                        numbers.put(gid, xid);
                    }
                }
            }
            if (!numbers.isEmpty()) {
                Map<String, BranchState> told =
                        participant.states(Set.copyOf(numbers.values()), settings.commitTimeout());
                numbers.forEach((gid, xid) -> states.put(gid, told.getOrDefault(xid, BranchState.UNKNOWN)));
            }
        } catch (RuntimeException away) {
            trouble.met(participant.name(), away);
        }
        return states;
    }

    private Gid gid(Decision decision, Decision.Branch branch) {
        return new Gid(name.installation(), decision.coordinator(), decision.transaction(), branch.participant());
    }

    private void note(Decision decision, String participant, BranchState state) {
        if (state == BranchState.COMMITTED || state == BranchState.UNSETTLED) {
            return;
        }
        HeuristicOutcome found = new HeuristicOutcome(
                decision.transaction(), decision.outcome(), decision.coordinator(), participant, state);
        Heuristics.tell(log, found);
        decisions.heuristic(found, settings.decisionTimeout());
    }
}
