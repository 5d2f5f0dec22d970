package io.amends.saga.definition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rules for everything in a definition that lasts: longer than zero, because a limit that is over at once would be
 * over again each time that it is looked at; and no longer than a database's clock reaches.
 */
final class TimeRules {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private TimeRules() {}

    static void check(SagaDraft draft) {
        checkLimit(draft, draft.where, "deadline", draft.deadline);
        for (SagaDraft.Step step : draft.steps) {
            checkTrying(draft, step.where(), "", step.trying());
            boolean waits = step.action() != null && step.action().does() instanceof StepAction.Await;
            if (step.trying().sla() != null && step.action() != null && !waits) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        step.where(),
                        "step '%s' has an sla, but waits for no signal.".formatted(step.name()),
                        "Use a timeout, or the saga's deadline.");
            }
        }
        for (SagaDraft.Undo undo : draft.compensations) {
            checkTrying(draft, undo.where(), "compensation's ", undo.trying());
            if (undo.action() != null && undo.action().does() instanceof StepAction.Await) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        undo.where(),
                        "the compensation of step '%s' waits for a signal.".formatted(undo.of()),
                        "Send a command, or compensate in a local method: on the way back nobody's word is awaited.");
            }
        }
    }

    private static void checkTrying(SagaDraft draft, String where, String whose, SagaDraft.Trying trying) {
        checkLimit(draft, where, whose + "timeout", trying.timeout());
        checkLimit(draft, where, whose + "sla", trying.sla());
        checkLimit(draft, where, whose + "time for all attempts", trying.retry().within());
        // Waits may be zero: the next attempt follows at once, and their number is limited.
        if (trying.retry().backoffMax().compareTo(LONGEST) > 0) {
            tellLimit(draft, where, whose + "longest wait", trying.retry().backoffMax());
        }
    }

    private static void checkLimit(SagaDraft draft, String where, String what, @Nullable Duration limit) {
        if (limit != null && (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0)) {
            tellLimit(draft, where, what, limit);
        }
    }

    private static void tellLimit(SagaDraft draft, String where, String what, Duration limit) {
        draft.problem(
                ProblemCode.BAD_SIGNATURE,
                where,
                "the %s is %s.".formatted(what, limit),
                "Make it longer than zero and at most %d days, or leave it out.".formatted(LONGEST.toDays()));
    }
}
