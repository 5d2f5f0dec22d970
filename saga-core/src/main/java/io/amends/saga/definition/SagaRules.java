package io.amends.saga.definition;

import io.amends.saga.Command;
import io.amends.saga.MessageTypes;
import io.amends.saga.StepKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules that every definition keeps. Each adds its problems to the draft; none stops at the first. */
final class SagaRules {

    private SagaRules() {}

    static void check(SagaDraft draft) {
        checkNames(draft);
        checkDataTypes(draft);
        checkReferences(draft);
        checkCompensations(draft);
        checkPivot(draft);
        checkContracts(draft);
    }

    private static void checkNames(SagaDraft draft) {
        checkName(draft, draft.where, "saga", draft.name);
        if (draft.version < 1) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    draft.where,
                    "version %d is less than 1.".formatted(draft.version),
                    "Number versions 1, 2, 3 and so on.");
        }
        if (draft.steps.isEmpty()) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    draft.where,
                    "the saga has no step.",
                    "Add a method with @SagaStep(order = 1, name = ...).");
        }
        Map<String, String> seen = new HashMap<>();
        for (SagaDraft.Step step : draft.steps) {
            checkName(draft, step.where(), "step", step.name());
            if (step.action() instanceof StepAction.Remote remote && remote.participant() != null) {
                checkName(draft, step.where(), "participant", remote.participant());
            }
            String other = seen.putIfAbsent(step.name(), step.where());
            if (other != null) {
                draft.problem(
                        ProblemCode.DUPLICATE_STEP,
                        step.where(),
                        "step '%s' is also declared by %s.".formatted(step.name(), other),
                        "Rename one of them.");
            }
        }
    }

    private static void checkName(SagaDraft draft, String where, String what, String name) {
        if (!MessageTypes.isName(name)) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where,
                    "'%s' is not a %s's name.".formatted(name, what),
                    "Use 1 to 100 lower case letters, digits and hyphens.");
        }
    }

    private static void checkDataTypes(SagaDraft draft) {
        if (draft.dataTypes.size() > 1) {
            draft.problem(
                    ProblemCode.DATA_TYPE_DIFFERS,
                    draft.where,
                    draft.dataTypes.entrySet().stream()
                            .map(entry -> "%s takes %s"
                                    .formatted(entry.getValue(), entry.getKey().getSimpleName()))
                            .sorted()
                            .collect(Collectors.joining("; ", "", ".")),
                    "Let every method of the saga take the same data type.");
        }
    }

    private static void checkReferences(SagaDraft draft) {
        List<String> names = draft.steps.stream().map(SagaDraft.Step::name).toList();
        draft.compensations.forEach(undo -> checkReference(draft, undo.where(), undo.of(), names));
        draft.replyHandlers.forEach(taking -> checkReference(draft, taking.where(), taking.to(), names));
    }

    private static void checkReference(SagaDraft draft, String where, String name, List<String> names) {
        if (!names.contains(name)) {
            Optional<String> nearest = names.stream()
                    .min(Comparator.comparingInt((String other) -> distance(name, other))
                            .thenComparing(Comparator.naturalOrder()));
            draft.problem(
                    ProblemCode.UNKNOWN_STEP,
                    where,
                    "there is no step '%s'.".formatted(name),
                    nearest.map(known -> "Did you mean '%s'?".formatted(known)).orElse("Declare the step."));
        }
    }

    private static void checkCompensations(SagaDraft draft) {
        Map<String, String> compensated = new HashMap<>();
        for (SagaDraft.Undo undo : draft.compensations) {
            String other = compensated.putIfAbsent(undo.of(), undo.where());
            if (other != null) {
                draft.problem(
                        ProblemCode.TWO_COMPENSATIONS,
                        undo.where(),
                        "step '%s' is also compensated by %s.".formatted(undo.of(), other),
                        "Keep one of them.");
            }
        }
        Set<String> missing = new HashSet<>();
        for (SagaDraft.Step step : draft.steps) {
            if (step.kind() == StepKind.COMPENSATABLE
                    && !compensated.containsKey(step.name())
                    && missing.add(step.name())) {
                draft.problem(
                        ProblemCode.MISSING_COMPENSATION,
                        step.where(),
                        "step '%s' is compensatable and has no compensation.".formatted(step.name()),
                        "Add a method with @Compensation(of = \"%s\"), or make the step the pivot or retriable."
                                .formatted(step.name()));
            }
        }
    }

    private static void checkPivot(SagaDraft draft) {
        List<SagaDraft.Step> pivots = draft.steps.stream()
                .filter(step -> step.kind() == StepKind.PIVOT)
                .sorted(Comparator.comparingInt(SagaDraft.Step::order).thenComparing(SagaDraft.Step::name))
                .toList();
        if (pivots.isEmpty()) {
            return;
        }
        SagaDraft.Step first = pivots.get(0);
        pivots.stream()
                .skip(1)
                .forEach(second -> draft.problem(
                        ProblemCode.TWO_PIVOTS,
                        second.where(),
                        "step '%s' is a pivot, and so is '%s'.".formatted(second.name(), first.name()),
                        "Let one step decide the saga."));
        for (SagaDraft.Step step : draft.steps) {
            if (step.kind() == StepKind.COMPENSATABLE && step.order() >= first.order()) {
                draft.problem(
                        ProblemCode.COMPENSATABLE_AFTER_PIVOT,
                        step.where(),
                        "step '%s' is compensatable, but does not stand before the pivot '%s'."
                                .formatted(step.name(), first.name()),
                        "Give it a smaller order than the pivot, or make it retriable.");
            }
        }
    }

    private static void checkContracts(SagaDraft draft) {
        for (SagaDraft.Step step : draft.steps) {
            Class<? extends Command<?>> type = commandType(step.action());
            if (type != null
                    && step.kind() == StepKind.RETRIABLE
                    && Contract.of(type).canBeRejected()) {
                draft.problem(
                        ProblemCode.REJECTABLE_RETRIABLE,
                        step.where(),
                        "retriable step '%s' sends %s, which can be rejected (%s)."
                                .formatted(
                                        step.name(),
                                        type.getSimpleName(),
                                        Contract.of(type).replyType().getSimpleName()),
                        "Let the command's contract be a Success, or move the step before the pivot.");
            }
        }
        for (SagaDraft.Taking taking : draft.replyHandlers) {
            draft.steps.stream()
                    .filter(step -> step.name().equals(taking.to()))
                    .findFirst()
                    .ifPresent(step -> checkReply(draft, step, taking));
        }
    }

    private static void checkReply(SagaDraft draft, SagaDraft.Step step, SagaDraft.Taking taking) {
        Class<? extends Command<?>> type = commandType(step.action());
        if (type != null && !Contract.of(type).allows(taking.handler().replyType())) {
            draft.problem(
                    ProblemCode.REPLY_NOT_IN_CONTRACT,
                    taking.where(),
                    "%s is never answered to %s."
                            .formatted(taking.handler().replyType().getSimpleName(), type.getSimpleName()),
                    "Its contract is %s: %s."
                            .formatted(
                                    Contract.of(type).replyType().getSimpleName(),
                                    Contract.of(type).replies().stream()
                                            .map(Class::getSimpleName)
                                            .toList()));
        }
    }

    private static @Nullable Class<? extends Command<?>> commandType(@Nullable StepAction action) {
        return action instanceof StepAction.Remote remote ? remote.commandType() : null;
    }

    /** Levenshtein's edit distance, row by row. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
