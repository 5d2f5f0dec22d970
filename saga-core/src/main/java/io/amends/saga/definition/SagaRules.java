package io.amends.saga.definition;

import io.amends.saga.MessageTypes;
import io.amends.saga.Reply;
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
        SubSagaRules.check(draft);
        TimeRules.check(draft);
        AttributeRules.check(draft);
        MigrationRules.check(draft);
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
            if (step.action() != null
                    && step.action().does() instanceof StepAction.Remote remote
                    && remote.participant() != null) {
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
        List<Class<?>> byUse = draft.dataTypes.keySet().stream()
                .sorted(Comparator.comparingInt((Class<?> type) -> -usesOf(draft, type))
                        .thenComparing(Class::getName))
                .toList();
        // What most methods take is the data; the others are named, each of them.
        byUse.stream()
                .skip(1)
                .forEach(type -> draft.dataTypes
                        .getOrDefault(type, List.of())
                        .forEach(where -> draft.problem(
                                ProblemCode.DATA_TYPE_DIFFERS,
                                where,
                                "it takes %s, while %d method(s) of the saga take %s."
                                        .formatted(
                                                type.getSimpleName(),
                                                usesOf(draft, byUse.get(0)),
                                                byUse.get(0).getSimpleName()),
                                "Let every method of the saga take the same data type.")));
    }

    private static int usesOf(SagaDraft draft, Class<?> type) {
        return draft.dataTypes.getOrDefault(type, List.of()).size();
    }

    private static void checkReferences(SagaDraft draft) {
        List<String> names = draft.steps.stream().map(SagaDraft.Step::name).toList();
        draft.compensations.forEach(undo -> checkReference(draft, undo.where(), undo.of(), names));
        draft.replyHandlers.forEach(taking -> checkReference(draft, taking.where(), taking.to(), names));
    }

    private static void checkReference(SagaDraft draft, String where, String name, List<String> names) {
        if (!names.contains(name)) {
            int slip = Math.max(2, name.length() / 3);
            Optional<String> nearest = names.stream()
                    .filter(other -> distance(name, other) <= slip)
                    .min(Comparator.comparingInt((String other) -> distance(name, other))
                            .thenComparing(Comparator.naturalOrder()));
            draft.problem(
                    ProblemCode.UNKNOWN_STEP,
                    where,
                    "there is no step '%s'.".formatted(name),
                    nearest.map(known -> "Did you mean '%s'?".formatted(known))
                            .orElse("The steps are: %s.".formatted(String.join(", ", names))));
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
            boolean waits = step.action() != null && step.action().does() instanceof StepAction.Await;
            if (step.kind() == StepKind.COMPENSATABLE
                    && !waits
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
            Contract contract = step.action() == null ? null : step.action().contract();
            if (contract != null) {
                checkRetriable(draft, step, contract);
                checkTypeNames(draft, step, contract);
            }
            checkOutcomes(draft, step.action(), step.where());
        }
        draft.compensations.forEach(undo -> checkOutcomes(draft, undo.action(), undo.where()));
        for (SagaDraft.Taking taking : draft.replyHandlers) {
            stepOf(draft, taking).ifPresent(step -> checkReply(draft, step, taking));
        }
        checkOverlaps(draft);
    }

    private static Optional<SagaDraft.Step> stepOf(SagaDraft draft, SagaDraft.Taking taking) {
        return draft.steps.stream()
                .filter(step -> step.name().equals(taking.to()))
                .findFirst();
    }

    private static void checkRetriable(SagaDraft draft, SagaDraft.Step step, Contract contract) {
        if (step.kind() == StepKind.RETRIABLE && contract.canBeRejected()) {
            draft.problem(
                    ProblemCode.REJECTABLE_RETRIABLE,
                    step.where(),
                    "retriable step '%s' can be rejected: its contract is %s."
                            .formatted(step.name(), describe(contract)),
                    "Let the contract be a Success, or ask what may be refused in a step before the pivot.");
        }
    }

    /** A "no" that forgets to be a Rejection would be taken for a yes. */
    private static void checkOutcomes(SagaDraft draft, SagaDraft.@Nullable Action action, String where) {
        Contract contract = action == null ? null : action.contract();
        if (contract == null) {
            return;
        }
        for (Class<? extends Reply> reply : contract.undecided()) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where,
                    "its reply %s is %s.".formatted(reply.getSimpleName(), Contract.undecidedWords(reply)),
                    Contract.undecidedAdvice(reply));
        }
    }

    private static void checkTypeNames(SagaDraft draft, SagaDraft.Step step, Contract contract) {
        Map<String, Class<?>> seen = new HashMap<>();
        for (Class<?> reply : contract.replies()) {
            Class<?> other = seen.putIfAbsent(MessageTypes.nameOf(reply), reply);
            if (other != null) {
                draft.problem(
                        ProblemCode.REPLY_NOT_IN_CONTRACT,
                        step.where(),
                        "two replies of step '%s' have the logical type '%s': %s and %s."
                                .formatted(step.name(), MessageTypes.nameOf(reply), other.getName(), reply.getName()),
                        "Give one of them a @MessageType of its own.");
            }
        }
    }

    private static void checkReply(SagaDraft draft, SagaDraft.Step step, SagaDraft.Taking taking) {
        SagaDraft.Action action = step.action();
        if (action == null) {
            return;
        }
        if (!action.answers()) {
            draft.problem(
                    ProblemCode.REPLY_NOT_IN_CONTRACT,
                    taking.where(),
                    "the local step '%s' gives no reply.".formatted(step.name()),
                    "Let the step's method return the new data itself, or a Reply.");
            return;
        }
        Contract contract = action.contract();
        if (contract != null && !contract.allows(taking.handler().replyType())) {
            draft.problem(
                    ProblemCode.REPLY_NOT_IN_CONTRACT,
                    taking.where(),
                    "%s is never a reply to step '%s'."
                            .formatted(taking.handler().replyType().getSimpleName(), step.name()),
                    "Its contract is %s.".formatted(describe(contract)));
        }
    }

    /** Of two types that one reply can be an instance of, one must include the other: that gives them an order. */
    private static void checkOverlaps(SagaDraft draft) {
        for (int i = 0; i < draft.replyHandlers.size(); i++) {
            SagaDraft.Taking one = draft.replyHandlers.get(i);
            for (SagaDraft.Taking other : draft.replyHandlers.subList(i + 1, draft.replyHandlers.size())) {
                if (one.to().equals(other.to()) && isAmbiguous(draft, one, other)) {
                    draft.problem(
                            ProblemCode.REPLY_NOT_IN_CONTRACT,
                            other.where(),
                            "a reply to step '%s' can be for this handler and for %s, and no order is defined."
                                    .formatted(other.to(), one.where()),
                            "Take the reply in one place, or let one type include the other: the general one runs"
                                    + " first.");
                }
            }
        }
    }

    private static boolean isAmbiguous(SagaDraft draft, SagaDraft.Taking first, SagaDraft.Taking second) {
        Class<?> one = first.handler().replyType();
        Class<?> other = second.handler().replyType();
        if (one == other) {
            return true;
        }
        boolean ordered = one.isAssignableFrom(other) || other.isAssignableFrom(one);
        return !ordered
                && stepOf(draft, first)
                        .map(SagaDraft.Step::action)
                        .map(SagaDraft.Action::contract)
                        .map(Contract::replies)
                        .orElse(List.of())
                        .stream()
                        .anyMatch(reply -> one.isAssignableFrom(reply) && other.isAssignableFrom(reply));
    }

    private static String describe(Contract contract) {
        String type = contract.replyType().getSimpleName();
        return contract.isClosed()
                ? "%s, which can be %s"
                        .formatted(
                                type,
                                contract.replies().stream()
                                        .map(Class::getSimpleName)
                                        .collect(Collectors.joining(", ")))
                : "%s, which is not sealed".formatted(type);
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
