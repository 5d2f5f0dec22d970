package io.amends.saga.engine;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Escalation;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEffect.Alert;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Moves an instance on as far as it goes without a further event: forward while nothing made it turn back, else backward
 * through what has, or may have, had an effect. Used for one decision and thrown away.
 */
final class Course {

    private final SagaDefinition definition;
    private final Instant now;
    private final double chance;
    private final List<SagaEffect> effects = new ArrayList<>();
    private SagaState state;

    private Course(SagaDefinition definition, SagaState state, Moment moment) {
        this.definition = definition;
        this.state = state;
        this.now = moment.now();
        this.chance = moment.chance();
    }

    static Course of(SagaDefinition definition, SagaState state, Moment moment) {
        return new Course(definition, state, moment);
    }

    /** Goes on from that state instead. */
    Course at(SagaState from) {
        state = from;
        return this;
    }

    Decision start() {
        Duration limit = definition.deadline();
        state = state.withDeadline(limit == null ? null : now.plus(limit), false);
        return moveOn();
    }

    Decision moveOn() {
        if (state.pause() != null) {
            return accepted();
        }
        return state.cause() == null ? forward() : backward();
    }

    Decision stuck(ReasonCode code, String reason) {
        state = state.stuck(code, reason);
        effects.add(new Announce(SagaPhase.STUCK));
        return accepted();
    }

    Decision alert(Cause why) {
        state = state.because(why.code(), why.text());
        effects.add(new Alert(why.code(), why.text()));
        return accepted();
    }

    Decision resolvedByHand(SagaPhase as, String reason) {
        state = state.with(as).because(ReasonCode.RESOLVED_BY_HAND, reason).with((Pause) null);
        return accepted();
    }

    /** The pivot may have decided the saga as soon as it was asked. */
    boolean canTurnBack() {
        return definition.steps().stream()
                .filter(step -> step.kind() == StepKind.PIVOT)
                .map(step -> state.step(step.name()).status())
                .noneMatch(status ->
                        status == StepStatus.SENT || status == StepStatus.UNKNOWN || status == StepStatus.SUCCEEDED);
    }

    /** What was asked and can be compensated is not waited for: its compensation makes a later effect impossible. */
    Course giveUpOpenSteps() {
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            if (current.status() == StepStatus.SENT && step.compensation() != null) {
                state = state.with(
                        current.error() == null ? current.with(StepStatus.UNKNOWN) : current.answered(Outcome.ERROR));
            }
        }
        return this;
    }

    Decision turnBack(Cause why) {
        boolean turns = state.cause() == null;
        state = state.turnedBack(why);
        if (turns) {
            effects.add(new Announce(SagaPhase.COMPENSATING));
        }
        return moveOn();
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
                    String trouble = begin(step, CommandKind.ACTION);
                    if (trouble != null) {
                        return stuck(ReasonCode.NON_RETRYABLE, trouble);
                    }
                }
            }
        }
        return waiting(SagaPhase.RUNNING);
    }

    private Decision backward() {
        dropWhatHasNoEffect();
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            if (current.status() == StepStatus.UNKNOWN && current.mayHaveEffect() && step.compensation() == null) {
                return stillUnknown(current);
            }
        }
        Optional<StepState> failed = first(StepStatus.COMPENSATION_FAILED);
        if (failed.isPresent()) {
            return stillStuck(
                    ReasonCode.COMPENSATION_FAILED,
                    "the compensation of step '%s' could not be done"
                            .formatted(failed.get().name()));
        }
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
                if (step.order() == next.getAsInt() && hasEffectToUndo(step)) {
                    String trouble = begin(step, CommandKind.COMPENSATION);
                    if (trouble != null) {
                        return stuck(ReasonCode.COMPENSATION_FAILED, trouble);
                    }
                }
            }
        }
        return waiting(SagaPhase.COMPENSATING);
    }

    /** On the way back nobody's word is waited for, and a local step that threw is not run again. */
    private void dropWhatHasNoEffect() {
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            if (current.status() == StepStatus.SENT) {
                if (step.action() instanceof StepAction.Await) {
                    state = state.with(current.with(StepStatus.SKIPPED));
                } else if (step.action() instanceof StepAction.Local && current.error() != null) {
                    state = state.with(current.answered(Outcome.ERROR));
                }
            }
        }
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
        state = state.with(SagaPhase.STUCK);
        return accepted();
    }

    static String asked(StepState step) {
        return step.participant() == null ? "the saga itself" : "'" + step.participant() + "'";
    }

    private boolean hasEffectToUndo(StepDefinition step) {
        return step.compensation() != null && state.step(step.name()).mayHaveEffect();
    }

    /** The last attempt failed: the next one follows after a while, unless that was the last. */
    Decision failed(StepDefinition step, CommandKind kind, String error, boolean permanent) {
        StepState current = state.step(step.name());
        if (current.status() == StepStatus.UNKNOWN) {
            state = state.with(current.failed(error, now));
            return exhausted(step, kind, "%s gave up with %s".formatted(asked(current), error));
        }
        RetryPolicy policy = kind == CommandKind.ACTION ? step.retry() : step.compensationRetry();
        Instant next = now.plus(policy.waitAfter(current.attempts(), chance));
        boolean spent = permanent || isSpent(step, kind, current) || isTooLate(policy, current, next);
        if (spent) {
            if (permanent || kind == CommandKind.COMPENSATION || step.onExhausted() != Escalation.ALERT_ONLY) {
                state = state.with(current.failed(error, now));
                return exhausted(step, kind, "%s gave up with %s".formatted(asked(current), error));
            }
            next = now.plus(policy.backoffMax());
            effects.add(new Alert(
                    ReasonCode.RETRIES_EXHAUSTED,
                    "step '%s' failed %d times, last with %s".formatted(step.name(), current.attempts(), error)));
        }
        state = state.with(current.failed(error, next));
        return accepted();
    }

    /** Whether no further attempt is allowed. */
    boolean isSpent(StepDefinition step, CommandKind kind, StepState current) {
        RetryPolicy policy = kind == CommandKind.ACTION ? step.retry() : step.compensationRetry();
        return current.attempts() >= policy.attempts() || isTooLate(policy, current, now);
    }

    private static boolean isTooLate(RetryPolicy policy, StepState current, Instant next) {
        return policy.within() != null
                && current.firstSentAt() != null
                && next.isAfter(current.firstSentAt().plus(policy.within()));
    }

    /** The attempts are spent. */
    Decision exhausted(StepDefinition step, CommandKind kind, String why) {
        StepState current = state.step(step.name());
        if (kind == CommandKind.COMPENSATION) {
            state = state.with(current.with(StepStatus.COMPENSATION_FAILED));
            return stuck(
                    ReasonCode.COMPENSATION_FAILED, "the compensation of step '%s': %s".formatted(step.name(), why));
        }
        boolean answered = current.error() != null || current.participant() == null;
        state = state.with(answered ? current.answered(Outcome.ERROR) : current.with(StepStatus.UNKNOWN));
        Cause cause = new Cause(ReasonCode.RETRIES_EXHAUSTED, "step '%s': %s".formatted(step.name(), why));
        if (state.cause() != null) {
            return moveOn();
        }
        return step.onExhausted() == Escalation.COMPENSATE && canTurnBack()
                ? turnBack(cause)
                : stuck(cause.code(), cause.text());
    }

    /** Sends an open command once more. */
    Decision again(StepDefinition step, CommandKind kind, boolean alert) {
        StepState current = state.step(step.name());
        if (alert) {
            effects.add(new Alert(
                    ReasonCode.RETRIES_EXHAUSTED,
                    "step '%s': %s did not reply to %d attempts"
                            .formatted(step.name(), asked(current), current.attempts())));
        }
        String trouble = ask(step, kind, current, true);
        return trouble == null
                ? accepted()
                : stuck(
                        kind == CommandKind.ACTION ? ReasonCode.NON_RETRYABLE : ReasonCode.COMPENSATION_FAILED,
                        trouble);
    }

    /** Begins whatever is open or failed anew. */
    Decision retryEverything() {
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            CommandKind kind = toRetry(step, current);
            if (kind != null) {
                String trouble = begin(step, kind);
                if (trouble != null) {
                    return stuck(
                            kind == CommandKind.ACTION ? ReasonCode.NON_RETRYABLE : ReasonCode.COMPENSATION_FAILED,
                            trouble);
                }
            }
        }
        return moveOn();
    }

    private @Nullable CommandKind toRetry(StepDefinition step, StepState current) {
        if (current.isAwaitingCompensation()) {
            return CommandKind.COMPENSATION;
        }
        boolean isOpen = current.isAwaitingAction()
                || (current.status() == StepStatus.REJECTED && step.kind() == StepKind.RETRIABLE);
        boolean isGivenUp = state.cause() != null && step.compensation() != null;
        return isOpen && !isGivenUp ? CommandKind.ACTION : null;
    }

    /** Begins an action or compensation; returns what went wrong, null if nothing did. */
    private @Nullable String begin(StepDefinition step, CommandKind kind) {
        return ask(step, kind, state.step(step.name()), false);
    }

    private @Nullable String ask(StepDefinition step, CommandKind kind, StepState current, boolean again) {
        boolean forward = kind == CommandKind.ACTION;
        StepAction action = forward ? step.action() : step.compensation();
        StepStatus open = forward ? StepStatus.SENT : StepStatus.COMPENSATING;
        StepStatus unneeded = forward ? StepStatus.SKIPPED : StepStatus.COMPENSATED;
        String participant = null;
        Instant overdueAt = null;
        try {
            if (action instanceof StepAction.Remote remote) {
                Optional<AddressedCommand<?>> command = remote.command().apply(state.data());
                if (command.isEmpty()) {
                    state = state.with(again ? current.again(current.participant(), null) : current.with(unneeded));
                    return null;
                }
                participant = command.get().participant();
                overdueAt = now.plus(timeout(step, kind));
                effects.add(new SendCommand(
                        step.name(), kind, participant, command.get().command(), again ? current.attempts() + 1 : 1));
            } else if (action instanceof StepAction.Await await) {
                Optional<Signal<?>> signal = await.signal().apply(state.data());
                if (signal.isEmpty()) {
                    state = state.with(current.with(unneeded));
                    return null;
                }
                overdueAt = step.timeout() == null ? null : now.plus(step.timeout());
                current = current.expectedBy(null);
            } else {
                effects.add(new RunLocalStep(step.name(), kind));
            }
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            return "making the %s of step '%s' threw %s".formatted(kind.wireName(), step.name(), thrown);
        }
        StepState asked =
                again ? current.again(participant, overdueAt) : current.begun(open, participant, now, overdueAt);
        boolean expected = action instanceof StepAction.Await && step.sla() != null;
        state = state.with(expected ? asked.expectedBy(now.plus(step.sla())) : asked);
        return null;
    }

    private static Duration timeout(StepDefinition step, CommandKind kind) {
        Duration declared = kind == CommandKind.ACTION ? step.timeout() : step.compensationTimeout();
        return declared == null ? RetryPolicy.DEFAULT_TIMEOUT : declared;
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
        Cause cause = state.cause();
        state = state.with(phase).because(cause == null ? null : cause.code(), cause == null ? null : cause.text());
        return accepted();
    }

    private Decision ended(SagaPhase phase) {
        waiting(phase);
        effects.add(new Announce(phase));
        return accepted();
    }

    private Decision accepted() {
        return new Decision(state, effects, Disposition.ACCEPTED);
    }
}
