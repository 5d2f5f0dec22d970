package io.amends.twopc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be so before the first transaction; all that is not is said at once. */
final class StartupCheck {

    private static final Logger log = LoggerFactory.getLogger(StartupCheck.class);

    /** What a look at a participant brought. */
    private record Look(List<String> problems, List<String> warnings) {}

    private StartupCheck() {}

    /**
     * Looks at the log and at the participants. A participant that is away is only warned of: it may come later.
     *
     * @throws TwoPhaseRefusedException if two-phase commit can't work
     */
    static void check(
            CoordinatorName name,
            DecisionLog decisions,
            Collection<Participant> participants,
            TwoPhaseSettings settings,
            Parallel parallel) {
        List<String> problems = new ArrayList<>();
        try {
            decisions.check(settings.decisionTimeout());
        } catch (TwoPhaseRefusedException refused) {
            problems.add(String.valueOf(refused.getMessage()));
        } catch (DecisionLogException away) {
            problems.add("%s. Without it nothing can be decided; start it, or correct its address."
                    .formatted(away.getMessage()));
        }
        List<Look> looks = parallel.forAll(participants, participant -> {
            try {
                return new Look(
                        participant.problems(
                                Gid.prefix(name.installation()), settings.concurrency(), settings.prepareTimeout()),
                        List.of());
            } catch (ParticipantException away) {
                return new Look(List.of(), List.of(String.valueOf(away.getMessage())));
            }
        });
        for (Look look : looks) {
            problems.addAll(look.problems());
            look.warnings()
                    .forEach(away -> log.warn(
                            "{}. Transactions with it are rolled back until it is there; its settings are not checked.",
                            away));
        }
        if (!problems.isEmpty()) {
            throw new TwoPhaseRefusedException(
                    "Two-phase commit can't work here:%n- %s".formatted(String.join("%n- ".formatted(), problems)));
        }
    }
}
