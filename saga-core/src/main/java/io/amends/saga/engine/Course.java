package io.amends.saga.engine;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Escalation;
import io.amends.saga.Signal;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.definition.StepShape;
import io.amends.saga.engine.SagaEffect.Alert;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.Standing.HeldUp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves an instance on as far as it goes without a further event: forward while nothing made it turn back, else backward
 * through what has, or may have, had an effect. Used for one decision and thrown away.
 */
final class Course {

    private final SagaDefinition definition;
    private final Instant now;
    private final double chance;
    private final Predicate<String> isHeld;
    private final List<SagaEffect> effects = new ArrayList<>();
    private SagaState state;

    private Course(SagaDefinition definition, SagaState state, Moment moment) {
        this.definition = definition;
        this.state = state;
        this.now = moment.now();
        this.chance = moment.chance();
        this.isHeld = moment.isHeld();
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
        boolean forward = state.cause() == null;
        if (!forward) {
            dropWhatIsNotNeeded();
        }
        Optional<HeldUp> heldUp = Standing.heldUpBy(definition, state);
        if (heldUp.isPresent()) {
            return stillStuck(heldUp.get());
        }
        if (state.pause() != null) {
            return waiting(forward ? SagaPhase.RUNNING : SagaPhase.COMPENSATING);
        }
        return forward ? forward() : backward();
    }

    /** An operator's hold is over. What is stuck for other reasons stays so. */
    Decision released() {
        state = state.with((Pause) null);
        return state.phase() == SagaPhase.STUCK ? accepted() : moveOn();
    }

    Decision stuck(ReasonCode code, Trouble why) {
        if (state.phase() != SagaPhase.STUCK || state.reasonCode() != code) {
            effects.add(new Announce(SagaPhase.STUCK));
        }
        state = state.stuck(code, why.text(), why.frames());
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

    boolean canTurnBack() {
        return Standing.canTurnBack(StepShape.of(definition), state);
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
        for (List<StepDefinition> next = Standing.nextForward(definition, state);
                !next.isEmpty();
                next = Standing.nextForward(definition, state)) {
            for (StepDefinition step : next) {
                Trouble trouble = begin(step, CommandKind.ACTION);
                if (trouble != null) {
                    return stuck(ReasonCode.NON_RETRYABLE, trouble);
                }
            }
        }
        return Standing.isAnyOpen(state) ? waiting(SagaPhase.RUNNING) : ended(SagaPhase.COMPLETED);
    }

    private Decision backward() {
        for (List<StepDefinition> next = Standing.nextBackward(definition, state);
                !next.isEmpty();
                next = Standing.nextBackward(definition, state)) {
            for (StepDefinition step : next) {
                Trouble trouble = begin(step, CommandKind.COMPENSATION);
                if (trouble != null) {
                    return stuck(ReasonCode.COMPENSATION_FAILED, trouble);
                }
            }
        }
        return Standing.isAnyOpen(state) ? waiting(SagaPhase.COMPENSATING) : ended(SagaPhase.COMPENSATED);
    }

    private void dropWhatIsNotNeeded() {
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            if (Standing.isNotNeeded(step, current)) {
                state = state.with(current.with(StepStatus.SKIPPED));
            } else if (current.held() != null) {
                state = state.with(current.heldNoLonger(now));
            }
        }
    }

    /** Another step's answer does not help; what it changed the reason to is not what the instance waits for. */
    private Decision stillStuck(HeldUp by) {
        boolean isNews = state.phase() != SagaPhase.STUCK;
        state = by.isReasonOf(state) ? state.with(SagaPhase.STUCK) : state.stuck(by.code(), by.text(), null);
        if (isNews) {
            effects.add(new Announce(SagaPhase.STUCK));
        }
        return accepted();
    }

    /** The last attempt failed: the next one follows after a while, unless that was the last. */
    Decision failed(StepDefinition step, CommandKind kind, Trouble error, boolean permanent) {
        StepState current = state.step(step.name());
        RetryPolicy policy = Limits.policy(step, kind);
        Instant next = now.plus(policy.waitAfter(current.attempts(), chance));
        boolean isGivenUp = current.status() == StepStatus.UNKNOWN;
        boolean isSpent = isGivenUp
                || permanent
                || Limits.isSpent(step, kind, current, now)
                || Limits.isTooLate(policy, current, next);
        if (isSpent && (isGivenUp || permanent || !goesOnRegardless(step, kind))) {
            state = state.with(current.failed(error, now));
            return exhausted(
                    step,
                    kind,
                    permanent ? ReasonCode.NON_RETRYABLE : ReasonCode.RETRIES_EXHAUSTED,
                    "%s gave up with %s".formatted(Standing.asked(current), error.text()));
        }
        if (isSpent) {
            next = now.plus(policy.waitWithoutEnd());
            alertOf(step, "failed %d times, last with %s".formatted(current.attempts(), error.text()));
        }
        state = state.with(current.failed(error, next));
        return accepted();
    }

    /** On the way back, a step that can be compensated is not tried without end: its compensation is always safe. */
    boolean goesOnRegardless(StepDefinition step, CommandKind kind) {
        return kind == CommandKind.ACTION
                && step.onExhausted() == Escalation.ALERT_ONLY
                && (state.cause() == null || step.compensation() == null);
    }

    private void alertOf(StepDefinition step, String what) {
        effects.add(new Alert(ReasonCode.RETRIES_EXHAUSTED, "step '%s': %s".formatted(step.name(), what)));
    }

    /** The attempts are spent. */
    Decision exhausted(StepDefinition step, CommandKind kind, ReasonCode code, String why) {
        StepState current = state.step(step.name());
        if (kind == CommandKind.COMPENSATION) {
            state = state.with(current.with(StepStatus.COMPENSATION_FAILED));
            String what = "the compensation of step '%s': %s".formatted(step.name(), why);
            return stuck(ReasonCode.COMPENSATION_FAILED, new Trouble(what, current.errorFrames()));
        }
        boolean hasAnswer = current.error() != null || current.participant() == null;
        state = state.with(hasAnswer ? current.answered(Outcome.ERROR) : current.with(StepStatus.UNKNOWN));
        Cause cause = new Cause(code, "step '%s': %s".formatted(step.name(), why));
        if (state.cause() != null) {
            return moveOn();
        }
        return step.onExhausted() == Escalation.COMPENSATE && canTurnBack()
                ? turnBack(cause)
                : stuck(cause.code(), new Trouble(cause.text(), current.errorFrames()));
    }

    /** Sends an open command once more. */
    Decision again(StepDefinition step, CommandKind kind) {
        Trouble trouble = ask(step, kind, state.step(step.name()), true, isHeld);
        return trouble == null
                ? accepted()
                : stuck(
                        kind == CommandKind.ACTION ? ReasonCode.NON_RETRYABLE : ReasonCode.COMPENSATION_FAILED,
                        trouble);
    }

    /**
     * Sends what was held, whoever else is; a step that turns out not to be needed lets the next ones begin. What was sent
     * before in vain is sent again in place of its last attempt: however often a participant is probed, that costs nothing.
     */
    Decision admitted(StepDefinition step, StepState current) {
        boolean wasSent = current.status() == StepStatus.SENT;
        StepState from = wasSent && current.error() == null ? current.spared(now) : current;
        Trouble trouble = ask(step, CommandKind.ACTION, from, wasSent, participant -> false);
        if (trouble != null) {
            return stuck(ReasonCode.NON_RETRYABLE, trouble);
        }
        return wasSent ? accepted() : moveOn();
    }

    /** Likewise although the attempts are spent: says so, and lets the next one wait as long as any. */
    Decision againRegardless(StepDefinition step) {
        StepState current = state.step(step.name());
        alertOf(step, "%s did not reply to %d attempts".formatted(Standing.asked(current), current.attempts()));
        Decision decision = again(step, CommandKind.ACTION);
        StepState sent = decision.state().step(step.name());
        state = decision.state().with(sent.dueNotBefore(now.plus(step.retry().waitWithoutEnd())));
        return accepted();
    }

    /** A signal is overdue: says so, and waits as long again. */
    Decision waitFurther(StepDefinition step, StepState current, Duration timeout) {
        alertOf(step, "nobody gave the signal in time");
        state = state.with(current.again(null, now.plus(timeout)).expectedBy(current.slaAt()));
        return accepted();
    }

    boolean hasSomethingToRetry() {
        return definition.steps().stream().anyMatch(step -> Standing.toRetry(state, step) != null);
    }

    /** Begins whatever is open, held or failed anew; an operator's word counts more than a hold. */
    Decision retryEverything() {
        for (StepDefinition step : definition.steps()) {
            CommandKind kind = Standing.toRetry(state, step);
            Trouble trouble =
                    kind == null ? null : ask(step, kind, state.step(step.name()), false, participant -> false);
            if (trouble != null) {
                return stuck(
                        kind == CommandKind.ACTION ? ReasonCode.NON_RETRYABLE : ReasonCode.COMPENSATION_FAILED,
                        trouble);
            }
        }
        return moveOn();
    }

    /** Goes on where an operator's end left it; what was overdue meanwhile comes at once. */
    Decision takeUp() {
        state = state.with(state.cause() == null ? SagaPhase.RUNNING : SagaPhase.COMPENSATING);
        return moveOn();
    }

    /** Asks that step again and goes on from there; empty if something else is in the way. */
    Optional<Decision> resumeFrom(StepDefinition from) {
        SagaState before = state;
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            boolean wasLeftOut = current.status() == StepStatus.SKIPPED || current.status() == StepStatus.REJECTED;
            if (step.order() > from.order() && wasLeftOut) {
                state = state.with(current.lookedAtAgain());
            }
        }
        StepState current = state.step(from.name());
        // What it did before has to be undone should the instance turn back.
        StepState asked = current.status() == StepStatus.SUCCEEDED ? current.with(StepStatus.UNKNOWN) : current;
        Trouble trouble = ask(from, CommandKind.ACTION, asked, false, participant -> false);
        if (trouble != null) {
            state = before;
            return Optional.of(stuck(ReasonCode.NON_RETRYABLE, trouble));
        }
        return Standing.heldUpBy(definition, state).isEmpty() ? Optional.of(moveOn()) : Optional.empty();
    }

    /** Begins an action or compensation; returns what went wrong, null if nothing did. */
    private @Nullable Trouble begin(StepDefinition step, CommandKind kind) {
        return ask(step, kind, state.step(step.name()), false, isHeld);
    }

    private @Nullable Trouble ask(
            StepDefinition step, CommandKind kind, StepState current, boolean again, Predicate<String> held) {
        boolean forward = kind == CommandKind.ACTION;
        StepAction action = forward ? step.action() : step.compensation();
        StepStatus open = forward ? StepStatus.SENT : StepStatus.COMPENSATING;
        StepStatus unneeded = forward ? StepStatus.SKIPPED : StepStatus.COMPENSATED;
        String participant = null;
        Instant overdueAt = null;
        try {
            if (action instanceof StepAction.Remote remote) {
                Optional<AddressedCommand<?>> command = remote.command().apply(state.data());
                boolean wasSent = forward ? current.isAwaitingAction() : current.isAwaitingCompensation();
                if (command.isEmpty()) {
                    if (wasSent) {
                        // It may have had its effect: to take it as not needed would leave that behind.
                        return Trouble.of("the %s of step '%s' was sent to %s and is empty now"
                                .formatted(kind.wireName(), step.name(), Standing.asked(current)));
                    }
                    state = state.with(current.with(unneeded));
                    return null;
                }
                participant = command.get().participant();
                boolean isDone = forward && current.outcome() == Outcome.SUCCESS;
                if ((again || isDone) && !participant.equals(current.participant())) {
                    return Trouble.of("the %s of step '%s' was sent to %s and would go to '%s' now"
                            .formatted(kind.wireName(), step.name(), Standing.asked(current), participant));
                }
                if (forward && state.cause() == null && held.test(participant)) {
                    state = state.with(current.heldFor(participant, now));
                    return null;
                }
                overdueAt = now.plus(Limits.timeout(step, kind));
                effects.add(new SendCommand(
                        step.name(),
                        kind,
                        participant,
                        command.get().command(),
                        again ? current.attempts() + 1 : 1,
                        again ? current.round() : current.roundOf(open)));
            } else if (action instanceof StepAction.Await await) {
                Optional<Signal<?>> signal = await.signal().apply(state.data());
                if (signal.isEmpty()) {
                    state = state.with(current.with(unneeded));
                    return null;
                }
                overdueAt = step.timeout() == null ? null : now.plus(step.timeout());
            } else {
                effects.add(new RunLocalStep(step.name(), kind));
            }
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            return Trouble.thrown(
                    "making the %s of step '%s' threw %s".formatted(kind.wireName(), step.name(), thrown), thrown);
        }
        StepState asked =
                again ? current.again(participant, overdueAt) : current.begun(open, participant, now, overdueAt);
        boolean expected = action instanceof StepAction.Await && step.sla() != null;
        state = state.with(expected ? asked.expectedBy(now.plus(step.sla())) : asked);
        return null;
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
        return new Decision(state, effects, Disposition.ACCEPTED, null);
    }
}
