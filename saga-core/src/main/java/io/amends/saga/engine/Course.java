package io.amends.saga.engine;

import io.amends.saga.AddressedCommand;
import io.amends.saga.StepKind;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Moves an instance on as far as it goes without a further event. The direction is read off the steps: a rejected step
 * that need not succeed means backwards. Used for one decision and thrown away.
 */
final class Course {

    private final SagaDefinition definition;
    private final List<SagaEffect> effects = new ArrayList<>();
    private SagaState state;

    private Course(SagaDefinition definition, SagaState state) {
        this.definition = definition;
        this.state = state;
    }

    static Course of(SagaDefinition definition, SagaState state) {
        return new Course(definition, state);
    }

    Decision moveOn() {
        return turnedBack() ? backward() : forward();
    }

    Decision stuck(ReasonCode code, String reason) {
        state = state.stuck(code, reason);
        effects.add(new Announce(SagaPhase.STUCK));
        return new Decision(state, effects, Disposition.ACCEPTED);
    }

    private boolean turnedBack() {
        return definition.steps().stream()
                .anyMatch(step -> step.kind() != StepKind.RETRIABLE
                        && state.step(step.name()).status() == StepStatus.REJECTED);
    }

    private Decision forward() {
        Optional<StepState> unknown = first(StepStatus.UNKNOWN);
        if (unknown.isPresent()) {
            return stillUnknown(unknown.get());
        }
        Optional<StepState> rejected = first(StepStatus.REJECTED);
        if (rejected.isPresent()) {
            return stillStuck(
                    ReasonCode.NON_RETRYABLE,
                    "step '%s' must succeed, but %s rejected it"
                            .formatted(rejected.get().name(), asked(rejected.get())));
        }
        while (!any(StepStatus.SENT)) {
            OptionalInt next = orders(step -> state.step(step.name()).status() == StepStatus.PENDING)
                    .min();
            if (next.isEmpty()) {
                return ended(SagaPhase.COMPLETED);
            }
            for (StepDefinition step : definition.steps()) {
                if (step.order() == next.getAsInt() && state.step(step.name()).status() == StepStatus.PENDING) {
                    String trouble = begin(step, CommandKind.ACTION, step.action());
                    if (trouble != null) {
                        return stuck(ReasonCode.NON_RETRYABLE, trouble);
                    }
                }
            }
        }
        return waiting(SagaPhase.RUNNING);
    }

    private Decision backward() {
        Optional<StepState> unknown = first(StepStatus.UNKNOWN);
        if (unknown.isPresent()) {
            return stillUnknown(unknown.get());
        }
        Optional<StepState> failed = first(StepStatus.COMPENSATION_FAILED);
        if (failed.isPresent()) {
            return stillStuck(
                    ReasonCode.COMPENSATION_FAILED,
                    "the compensation of step '%s' could not be done"
                            .formatted(failed.get().name()));
        }
        sayWhyItTurnedBack();
        if (any(StepStatus.SENT)) {
            // A parallel step is still open: whether it needs compensating is known once it has answered.
            return waiting(SagaPhase.COMPENSATING);
        }
        while (!any(StepStatus.COMPENSATING)) {
            OptionalInt next = orders(this::hasEffectToUndo).max();
            if (next.isEmpty()) {
                return ended(SagaPhase.COMPENSATED);
            }
            for (StepDefinition step : definition.steps()) {
                StepAction compensation = step.compensation();
                if (step.order() == next.getAsInt() && compensation != null && hasEffectToUndo(step)) {
                    String trouble = begin(step, CommandKind.COMPENSATION, compensation);
                    if (trouble != null) {
                        return stuck(ReasonCode.COMPENSATION_FAILED, trouble);
                    }
                }
            }
        }
        return waiting(SagaPhase.COMPENSATING);
    }

    private Decision stillUnknown(StepState step) {
        return stillStuck(
                step.participant() == null ? ReasonCode.NON_RETRYABLE : ReasonCode.RETRIES_EXHAUSTED,
                "the outcome of step '%s' is unknown: %s gave up".formatted(step.name(), asked(step)));
    }

    /** Another step's answer does not help; what it changed the reason to is not what the instance waits for. */
    private Decision stillStuck(ReasonCode code, String reason) {
        if (state.reasonCode() != code) {
            state = state.because(code, reason);
        }
        return waiting(SagaPhase.STUCK);
    }

    /** An instance that was stuck on its way has the reason of that, which is over. */
    private void sayWhyItTurnedBack() {
        Optional<StepState> rejected = first(StepStatus.REJECTED);
        if (rejected.isPresent() && state.reasonCode() != ReasonCode.REJECTED) {
            state = state.because(
                    ReasonCode.REJECTED,
                    "step '%s' was rejected by %s".formatted(rejected.get().name(), asked(rejected.get())));
        }
    }

    private static String asked(StepState step) {
        return step.participant() == null ? "the saga itself" : "'" + step.participant() + "'";
    }

    private boolean hasEffectToUndo(StepDefinition step) {
        return step.compensation() != null && state.step(step.name()).status() == StepStatus.SUCCEEDED;
    }

    /** Begins an action or compensation; returns what went wrong, null if nothing did. */
    private @Nullable String begin(StepDefinition step, CommandKind kind, StepAction action) {
        StepState current = state.step(step.name());
        boolean forward = kind == CommandKind.ACTION;
        if (action instanceof StepAction.Remote remote) {
            Optional<AddressedCommand<?>> command;
            try {
                command = remote.command().apply(state.data());
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
                return "making the %s of step '%s' threw %s".formatted(kind.wireName(), step.name(), thrown);
            }
            if (command.isEmpty()) {
                state = state.with(current.with(forward ? StepStatus.SKIPPED : StepStatus.COMPENSATED));
                return null;
            }
            String participant = command.get().participant();
            StepState sent = forward ? current.sent(participant) : current.compensating(participant);
            state = state.with(sent);
            effects.add(new SendCommand(
                    step.name(), kind, participant, command.get().command(), sent.attempts()));
        } else {
            state = state.with(forward ? current.sent(null) : current.compensating(null));
            effects.add(new RunLocalStep(step.name(), kind));
        }
        return null;
    }

    private boolean any(StepStatus status) {
        return first(status).isPresent();
    }

    private Optional<StepState> first(StepStatus status) {
        return state.steps().values().stream()
                .filter(step -> step.status() == status)
                .findFirst();
    }

    private IntStream orders(Predicate<StepDefinition> which) {
        return definition.steps().stream().filter(which).mapToInt(StepDefinition::order);
    }

    private Decision waiting(SagaPhase phase) {
        state = state.with(phase);
        if (phase == SagaPhase.RUNNING) {
            state = state.because(null, null);
        }
        return new Decision(state, effects, Disposition.ACCEPTED);
    }

    private Decision ended(SagaPhase phase) {
        state = state.with(phase);
        if (phase == SagaPhase.COMPLETED) {
            state = state.because(null, null);
        }
        effects.add(new Announce(phase));
        return new Decision(state, effects, Disposition.ACCEPTED);
    }
}
