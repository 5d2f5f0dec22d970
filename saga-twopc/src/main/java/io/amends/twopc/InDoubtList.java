package io.amends.twopc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in doubt.
 *
 * @param branches the branches of this installation that are prepared, whoever coordinates them
 * @param away participants that could not be asked, and the log of decisions if it could not be, with the trouble
 */
public record InDoubtList(List<InDoubtBranch> branches, List<String> away) {

    public InDoubtList {
        branches = List.copyOf(branches);
        away = List.copyOf(away);
    }

    /** One look at the participants and at the log. */
    static InDoubtList of(
            Inventory inventory,
            Map<String, Participant> participants,
            DecisionLog log,
            TwoPhaseSettings settings,
            Set<TransactionId> running) {
        List<String> away = new ArrayList<>();
        inventory.away().forEach((name, trouble) -> away.add(String.valueOf(trouble.getMessage())));
        Set<TransactionId> ids = new LinkedHashSet<>();
        inventory
                .found()
                .values()
                .forEach(some -> some.forEach(branch -> ids.add(branch.gid().transaction())));
        Map<TransactionId, Decision> decisions = null;
        try {
            decisions = log.find(ids, settings.decisionTimeout());
        } catch (DecisionLogException trouble) {
            away.add(String.valueOf(trouble.getMessage()));
        }
        List<InDoubtBranch> branches = new ArrayList<>();
        for (Map.Entry<String, List<Inventory.Found>> entry : inventory.found().entrySet()) {
            Participant participant = participants.get(entry.getKey());
            String place = participant == null ? entry.getKey() : participant.place();
            for (Inventory.Found found : entry.getValue()) {
                Gid gid = found.gid();
                Decision decision = decisions == null ? null : decisions.get(gid.transaction());
                Outcome outcome = decision == null ? null : decision.outcome();
                String advice = decisions == null
                        ? "Make the log of decisions readable first. Without it nobody knows how to end this branch as the others."
                        : advice(gid, place, outcome, log);
                branches.add(new InDoubtBranch(gid, found.age(), outcome, running.contains(gid.transaction()), advice));
            }
        }
        return new InDoubtList(branches, away);
    }

    private static String advice(Gid gid, String place, @Nullable Outcome outcome, DecisionLog log) {
        String commit = "COMMIT PREPARED '%s'".formatted(gid);
        String rollback = "ROLLBACK PREPARED '%s'".formatted(gid);
        if (outcome == null) {
            return "Nothing is decided. First %s. If that answers COMMIT, in %s run: %s; if ABORT: %s"
                    .formatted(log.settleByHand(gid.transaction(), gid.coordinator()), place, commit, rollback);
        }
        return "In %s run: %s".formatted(place, outcome == Outcome.COMMIT ? commit : rollback);
    }
}
