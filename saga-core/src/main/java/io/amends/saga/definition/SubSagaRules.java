package io.amends.saga.definition;

import io.amends.saga.MessageTypes;
import org.jspecify.annotations.Nullable;

/** The rules for steps that start sagas: only a saga undoes a child, and only a child can be undone so. */
final class SubSagaRules {

    private SubSagaRules() {}

    static void check(SagaDraft draft) {
        for (SagaDraft.Step step : draft.steps) {
            checkName(draft, step.where(), step.action());
        }
        for (SagaDraft.Undo undo : draft.compensations) {
            checkName(draft, undo.where(), undo.action());
            draft.steps.stream()
                    .filter(step -> step.name().equals(undo.of()))
                    .findFirst()
                    .ifPresent(step -> checkPair(draft, step, undo));
        }
    }

    private static void checkName(SagaDraft draft, String where, SagaDraft.@Nullable Action action) {
        StepAction.Child child = child(action);
        if (child != null && !MessageTypes.isName(child.saga())) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where,
                    "'%s' is not a saga's name.".formatted(child.saga()),
                    "Use 1 to 100 lower case letters, digits and hyphens.");
        }
    }

    private static void checkPair(SagaDraft draft, SagaDraft.Step step, SagaDraft.Undo undo) {
        if (step.action() == null || undo.action() == null) {
            return;
        }
        boolean starts = child(step.action()) != null;
        if (starts != (child(undo.action()) != null)) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    undo.where(),
                    starts
                            ? "step '%s' starts a saga, and its compensation does not.".formatted(step.name())
                            : "the compensation of step '%s' starts a saga, and the step does not."
                                    .formatted(step.name()),
                    "Let both return a SubSaga, or none: an unfinished child has to be told to turn back.");
        }
    }

    private static StepAction.@Nullable Child child(SagaDraft.@Nullable Action action) {
        return action != null && action.does() instanceof StepAction.Remote remote ? remote.starts() : null;
    }
}
