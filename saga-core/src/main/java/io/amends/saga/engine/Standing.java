package io.amends.saga.engine;

import io.amends.saga.StepKind;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.definition.StepShape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Questions to an instance's state: whether there is a way back, what holds it up, what comes next. */
final class Standing {

    private Standing() {}

    /**
     * Whether the instance may turn back: nothing that decides the saga can have had an effect. That is the pivot, and
     * whatever comes after all that can be compensated; so that a saga whose pivot was skipped, or that has none, still
     * has its point of no return.
     */
    static boolean canTurnBack(List<StepShape> steps, SagaState state) {
        return steps.stream().noneMatch(step -> decides(steps, step) && mayHaveActed(step, state.step(step.name())));
    }

    private static boolean decides(List<StepShape> steps, StepShape step) {
        return step.kind() == StepKind.PIVOT
                || (!step.isUndone()
                        && steps.stream()
                                .noneMatch(other ->
                                        other.kind() != StepKind.RETRIABLE && other.position() >= step.position()));
    }

    /** A local step that threw was undone, and a signal that nobody gave did nothing. */
    private static boolean mayHaveActed(StepShape step, StepState current) {
        return current.status() == StepStatus.SUCCEEDED
                || (current.isAwaitingAction() && !isNotNeeded(step.isSignal(), step.isLocal(), current));
    }

    /** Whether, on the way back, the step is over: nobody's word is waited for, and what threw is not run again. */
    static boolean isNotNeeded(StepDefinition step, StepState current) {
        return isNotNeeded(
                step.action() instanceof StepAction.Await, step.action() instanceof StepAction.Local, current);
    }

    private static boolean isNotNeeded(boolean signal, boolean local, StepState current) {
        return current.isAwaitingAction()
                && (signal || (local && (current.error() != null || current.outcome() == Outcome.ERROR)));
    }

    /**
     * What keeps an instance from going on by itself.
     *
     * @param step the step that is in the way
     */
    record HeldUp(String step, ReasonCode code, String text) {

        /** Whether the state's reason speaks of this already, and knows more. */
        boolean isReasonOf(SagaState state) {
            boolean isCode = state.reasonCode() == code
                    || (code == ReasonCode.RETRIES_EXHAUSTED && state.reasonCode() == ReasonCode.NON_RETRYABLE);
            return isCode && state.reason() != null && state.reason().contains("step '" + step + "'");
        }
    }

    /** What holds the instance up, empty if nothing does. */
    static Optional<HeldUp> heldUpBy(SagaDefinition definition, SagaState state) {
        boolean forward = state.cause() == null;
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            if (current.status() == StepStatus.UNKNOWN && (forward || step.compensation() == null)) {
                return Optional.of(new HeldUp(
                        step.name(),
                        ReasonCode.RETRIES_EXHAUSTED,
                        "the outcome of step '%s' is unknown: %s gave up".formatted(step.name(), asked(current))));
            }
            if (current.status() == StepStatus.REJECTED && forward) {
                return Optional.of(new HeldUp(
                        step.name(),
                        ReasonCode.NON_RETRYABLE,
                        "step '%s' must succeed, but %s rejected it".formatted(step.name(), asked(current))));
            }
            if (current.status() == StepStatus.COMPENSATION_FAILED) {
                return Optional.of(new HeldUp(
                        step.name(),
                        ReasonCode.COMPENSATION_FAILED,
                        "the compensation of step '%s' could not be done".formatted(step.name())));
            }
        }
        return Optional.empty();
    }

    /** The steps that begin now; empty while earlier ones are open or held, or if there is none left. */
    static List<StepDefinition> nextForward(SagaDefinition definition, SagaState state) {
        OptionalInt next =
                orders(definition, step -> is(state, step, StepStatus.PENDING)).min();
        boolean waits =
                orders(definition, step -> is(state, step, StepStatus.SENT)).anyMatch(order -> order < next.orElse(0));
        return next.isEmpty() || waits
                ? List.of()
                : definition.steps().stream()
                        .filter(step -> step.order() == next.getAsInt() && is(state, step, StepStatus.PENDING))
                        .filter(step -> state.step(step.name()).held() == null)
                        .toList();
    }

    /**
     * The steps whose compensation begins now; empty while later ones are open, or if there is none left. An open
     * parallel step is waited for: whether it needs compensating is known once it has answered.
     */
    static List<StepDefinition> nextBackward(SagaDefinition definition, SagaState state) {
        OptionalInt next =
                orders(definition, step -> hasEffectToUndo(state, step)).max();
        boolean waits = definition.steps().stream()
                .anyMatch(step -> is(state, step, StepStatus.SENT)
                        || (is(state, step, StepStatus.COMPENSATING) && step.order() > next.orElse(0)));
        return next.isEmpty() || waits
                ? List.of()
                : definition.steps().stream()
                        .filter(step -> step.order() == next.getAsInt() && hasEffectToUndo(state, step))
                        .toList();
    }

    static boolean hasEffectToUndo(SagaState state, StepDefinition step) {
        return step.compensation() != null && state.step(step.name()).mayHaveEffect();
    }

    /** Whether something is under way, or held before it began. */
    static boolean isAnyOpen(SagaState state) {
        return state.steps().values().stream().anyMatch(step -> step.isOpen() || step.held() != null);
    }

    /** What of the step an operator's retry begins anew; null for nothing. */
    static @Nullable CommandKind toRetry(SagaState state, StepDefinition step) {
        StepState current = state.step(step.name());
        if (current.isAwaitingCompensation()) {
            return CommandKind.COMPENSATION;
        }
        if (current.held() != null) {
            return CommandKind.ACTION;
        }
        if (current.status() == StepStatus.SENT) {
            // A signal that is still awaited has nothing that could be tried again.
            return step.action() instanceof StepAction.Await ? null : CommandKind.ACTION;
        }
        boolean isUndone = state.cause() != null && step.compensation() != null;
        boolean isGivenUp = current.status() == StepStatus.UNKNOWN && !isUndone;
        boolean mustSucceed = current.status() == StepStatus.REJECTED && state.cause() == null;
        return isGivenUp || mustSucceed ? CommandKind.ACTION : null;
    }

    static String asked(StepState step) {
        return step.participant() == null ? "the saga itself" : "'" + step.participant() + "'";
    }

    private static boolean is(SagaState state, StepDefinition step, StepStatus status) {
        return state.step(step.name()).status() == status;
    }

    private static IntStream orders(SagaDefinition definition, Predicate<StepDefinition> which) {
        return definition.steps().stream().filter(which).mapToInt(StepDefinition::order);
    }
}
