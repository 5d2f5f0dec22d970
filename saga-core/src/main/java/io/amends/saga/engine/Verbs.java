package io.amends.saga.engine;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEvent.ExtendDeadline;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.ResolveByHand;
import io.amends.saga.engine.SagaEvent.Resume;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaEvent.Skip;
import io.amends.saga.engine.SagaEvent.TurnBack;
import io.amends.saga.engine.SagaEvent.Verb;
import java.time.Instant;
import java.util.Optional;

/** What an operator's verbs do, and when they may not. Used for one decision and thrown away. */
final class Verbs {

    private final SagaDefinition definition;
    private final SagaState state;
    private final Course course;
    private final Instant now;

    Verbs(SagaDefinition definition, SagaState state, Course course, Instant now) {
        this.definition = definition;
        this.state = state;
        this.course = course;
        this.now = now;
    }

    Decision on(Verb verb) {
        if (state.phase().isTerminal()) {
            return notAllowed();
        }
        if (verb instanceof RetryNow) {
            return state.pause() == null ? course.retryEverything() : notAllowed();
        }
        if (verb instanceof Skip skip) {
            return skip(skip);
        }
        if (verb instanceof TurnBack back) {
            return course.canTurnBack() && state.cause() == null
                    ? course.giveUpOpenSteps().turnBack(new Cause(ReasonCode.CANCELLED, back.reason()))
                    : notAllowed();
        }
        if (verb instanceof ResolveByHand by) {
            return by.as().isTerminal() ? course.resolvedByHand(by.as(), by.reason()) : notAllowed();
        }
        if (verb instanceof Hold hold) {
            return state.pause() == null
                    ? Decision.accepted(state.with(new Pause(hold.reason(), hold.until())))
                    : notAllowed();
        }
        if (verb instanceof Resume) {
            return state.pause() != null ? resumed() : notAllowed();
        }
        ExtendDeadline extend = (ExtendDeadline) verb;
        return extend.to().isAfter(now) && state.cause() == null
                ? Decision.accepted(state.withDeadline(extend.to(), false))
                : notAllowed();
    }

    private Decision resumed() {
        SagaState released = state.with((Pause) null);
        return state.phase() == SagaPhase.STUCK
                ? Decision.accepted(released)
                : course.at(released).moveOn();
    }

    private Decision skip(Skip skip) {
        Optional<StepDefinition> step = definition.step(skip.step());
        if (step.isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        StepState current = state.step(skip.step());
        if (skip.kind() == CommandKind.COMPENSATION) {
            return current.isAwaitingCompensation()
                    ? course.at(state.with(current.with(StepStatus.COMPENSATED)))
                            .moveOn()
                    : notAllowed();
        }
        if (state.cause() != null || !isSkippable(current)) {
            return notAllowed();
        }
        if (skip.result() == null) {
            return course.at(state.with(current.with(StepStatus.SKIPPED))).moveOn();
        }
        try {
            SagaState taken = state.withData(Answers.takeIn(step.get(), state.data(), skip.result()));
            return course.at(taken.with(current.answered(Outcome.SUCCESS))).moveOn();
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            return notAllowed();
        }
    }

    private boolean isSkippable(StepState step) {
        return step.isAwaitingAction()
                || step.status() == StepStatus.REJECTED
                || (step.status() == StepStatus.PENDING && state.phase() == SagaPhase.STUCK);
    }

    private Decision notAllowed() {
        return Decision.unchanged(state, Disposition.NOT_ALLOWED);
    }
}
