package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.ActionState;
import io.amends.saga.engine.SagaPhase;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells from what is stored before and after what truly came of an order. Pure. */
final class Outcome {

    private Outcome() {}

    /**
     * What is stored of an order that was carried out.
     *
     * @param after where the saga stood right afterwards
     * @param steps the steps that were under way then
     * @param now where it stands, null if it ended and was removed since
     * @param answered steps that were answered since, or did their local work
     * @param erred steps whose participant or local work failed since
     * @param somethingHappened whether its history has any line since
     * @param unsent whether a command that the order made is still in the outbox
     * @param late whether the steps took longer than they may, or another order took over
     */
    record Evidence(
            SagaPhase after,
            Set<String> steps,
            @Nullable SagaPhase now,
            Set<String> answered,
            Set<String> erred,
            boolean somethingHappened,
            boolean unsent,
            boolean late) {}

    /**
     * What is known right after the order; null if that has to be seen.
     *
     * @param before where the saga stood
     * @param after where it stands
     * @param isUnderWay whether something is that will be answered by other than people
     */
    static @Nullable ActionState atOnce(ConsoleVerb verb, SagaPhase before, SagaPhase after, boolean isUnderWay) {
        boolean onlyTells = verb instanceof ConsoleVerb.ExtendDeadline || verb instanceof ConsoleVerb.Migrate;
        boolean isDoneByItself = verb instanceof ConsoleVerb.Pause || (onlyTells && before != SagaPhase.STUCK);
        if (after.isTerminal() || isDoneByItself) {
            return ActionState.PROGRESSED;
        }
        if (after == SagaPhase.STUCK) {
            if (verb instanceof ConsoleVerb.Resume
                    || verb instanceof ConsoleVerb.Reopen
                    || verb instanceof ConsoleVerb.Migrate) {
                return ActionState.PROGRESSED;
            }
            return verb instanceof ConsoleVerb.ExtendDeadline ? ActionState.NO_EFFECT : ActionState.FAILED_AGAIN;
        }
        return isUnderWay ? null : ActionState.PROGRESSED;
    }

    /**
     * Whether what happens from now on comes of this order and no longer of an earlier one. An order that only holds, lets
     * go on, gives time or tells what goes on leaves to the earlier one what that set going.
     */
    static boolean takesOver(ConsoleVerb verb, SagaPhase before) {
        boolean setsNothingGoing = verb instanceof ConsoleVerb.Pause
                || verb instanceof ConsoleVerb.Resume
                || verb instanceof ConsoleVerb.Migrate
                || verb instanceof ConsoleVerb.ExtendDeadline;
        return before == SagaPhase.STUCK || !setsNothingGoing;
    }

    /** What is known later. */
    static ActionState judge(Evidence evidence) {
        Set<String> open = new HashSet<>(evidence.steps());
        open.removeAll(evidence.answered());
        SagaPhase now = evidence.now();
        if (now == null || now.isTerminal() || open.isEmpty()) {
            return ActionState.PROGRESSED;
        }
        if (now == SagaPhase.STUCK) {
            return ActionState.FAILED_AGAIN;
        }
        if (evidence.after() == SagaPhase.RUNNING && now == SagaPhase.COMPENSATING) {
            // A rejection is an answer; attempts that are spent are none.
            return evidence.answered().isEmpty() ? ActionState.FAILED_AGAIN : ActionState.PROGRESSED;
        }
        if (evidence.late()) {
            if (evidence.erred().stream().anyMatch(open::contains)) {
                return ActionState.FAILED_AGAIN;
            }
            return evidence.answered().isEmpty() ? ActionState.NO_EFFECT : ActionState.PROGRESSED;
        }
        return evidence.unsent() && !evidence.somethingHappened() ? ActionState.ACCEPTED : ActionState.ATTEMPTED;
    }
}
