package io.amends.saga.engine;

import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEvent.EditAndRetry;
import io.amends.saga.engine.SagaEvent.ExtendDeadline;
import io.amends.saga.engine.SagaEvent.Hold;
import io.amends.saga.engine.SagaEvent.Migrate;
import io.amends.saga.engine.SagaEvent.Reopen;
import io.amends.saga.engine.SagaEvent.ResolveByHand;
import io.amends.saga.engine.SagaEvent.Resume;
import io.amends.saga.engine.SagaEvent.ResumeFrom;
import io.amends.saga.engine.SagaEvent.RetryNow;
import io.amends.saga.engine.SagaEvent.Skip;
import io.amends.saga.engine.SagaEvent.TurnBack;
import io.amends.saga.engine.SagaEvent.Verb;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        if (verb instanceof Reopen) {
            return reopen();
        }
        if (state.phase().isTerminal()) {
            return notAllowed();
        }
        if (verb instanceof Migrate from) {
            return migrate(from);
        }
        if (verb instanceof RetryNow) {
            boolean isPossible = state.phase() == SagaPhase.STUCK || course.hasSomethingToRetry();
            return state.pause() == null && isPossible ? course.retryEverything() : notAllowed();
        }
        if (verb instanceof EditAndRetry edit) {
            return editAndRetry(edit);
        }
        if (verb instanceof Skip skip) {
            return skip(skip);
        }
        if (verb instanceof ResumeFrom from) {
            return resumeFrom(from);
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
            return state.pause() != null ? course.released() : notAllowed();
        }
        return extend((ExtendDeadline) verb);
    }

    /** What runs is not edited: its answers are taken into the data that its commands were made of. */
    private Decision editAndRetry(EditAndRetry edit) {
        return state.phase() == SagaPhase.STUCK
                        && state.pause() == null
                        && definition.dataType().isInstance(edit.data())
                ? course.at(state.withData(edit.data())).retryEverything()
                : notAllowed();
    }

    /** Whoever waited for a sub-saga's end was told of it. */
    private Decision reopen() {
        boolean isByHand = state.phase().isTerminal() && state.reasonCode() == ReasonCode.RESOLVED_BY_HAND;
        return isByHand && !definition.subSaga() ? course.takeUp() : notAllowed();
    }

    /** What was left alone only for want of a process goes on; what is stuck for another reason is left to further verbs. */
    private Decision migrate(Migrate from) {
        List<String> obstacles = Migration.obstacles(definition, state, from);
        if (!obstacles.isEmpty()) {
            return new Decision(state, List.of(), Disposition.NOT_ALLOWED, String.join(" ", obstacles));
        }
        boolean wasLeftAlone = state.phase() == SagaPhase.STUCK && state.reasonCode() == ReasonCode.NO_HANDLER_VERSION;
        return wasLeftAlone ? course.takeUp() : Decision.accepted(state);
    }

    private Decision resumeFrom(ResumeFrom from) {
        Optional<StepDefinition> step = definition.step(from.step());
        if (step.isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        return state.phase() == SagaPhase.STUCK
                        && state.pause() == null
                        && state.cause() == null
                        && isToBeAskedAgain(step.get(), state.step(from.step()))
                ? course.resumeFrom(step.get()).orElseGet(this::notAllowed)
                : notAllowed();
    }

    /** Before the point of no return, a no would turn back: nothing that follows may have had its effect then. */
    private boolean isToBeAskedAgain(StepDefinition step, StepState current) {
        boolean isDoneHere = step.action() instanceof StepAction.Local && current.status() == StepStatus.SUCCEEDED;
        boolean isFollowed = definition.steps().stream()
                .anyMatch(other -> other.order() > step.order()
                        && (state.step(other.name()).isOpen()
                                || state.step(other.name()).mayHaveEffect()));
        return current.status() != StepStatus.PENDING
                && !isDoneHere
                && (step.kind() == StepKind.RETRIABLE || !isFollowed);
    }

    private Decision extend(ExtendDeadline extend) {
        if (!extend.to().isAfter(now) || state.cause() != null) {
            return notAllowed();
        }
        SagaState extended = state.withDeadline(extend.to(), false);
        return state.reasonCode() == ReasonCode.DEADLINE_BREACHED
                ? course.at(extended).moveOn()
                : Decision.accepted(extended);
    }

    private Decision skip(Skip skip) {
        Optional<StepDefinition> step = definition.step(skip.step());
        if (step.isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        StepState current = state.step(skip.step());
        return skip.kind() == CommandKind.ACTION
                ? skipAction(step.get(), current, skip.result())
                : skipCompensation(step.get(), current);
    }

    private Decision skipAction(StepDefinition step, StepState current, @Nullable Reply result) {
        if (state.cause() != null || !isSkippable(step, current) || (result != null && !isSuccess(result))) {
            return notAllowed();
        }
        if (result == null) {
            // What was sent may have had its effect, so that it still has to be undone should the instance turn back.
            boolean wasSent = current.isAwaitingAction() && step.action() instanceof StepAction.Remote;
            StepState skipped = wasSent ? current.answered(Outcome.SUCCESS) : current.with(StepStatus.SKIPPED);
            return course.at(state.with(skipped)).moveOn();
        }
        SagaState taken;
        try {
            taken = state.withData(Answers.takeIn(step, state.data(), result));
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            return new Decision(state, List.of(), Disposition.RESULT_NOT_TAKEN, Answers.notTaken(step, thrown));
        }
        return course.at(taken.with(current.answered(Outcome.SUCCESS))).moveOn();
    }

    private static boolean isSuccess(Reply result) {
        return Contract.isDecided(result.getClass()) && !(result instanceof Rejection);
    }

    /** What stands further ahead is not: whether it comes to that is open. What is held has its turn. */
    private boolean isSkippable(StepDefinition step, StepState current) {
        return current.isAwaitingAction()
                || current.held() != null
                || current.status() == StepStatus.REJECTED
                || (state.phase() == SagaPhase.STUCK
                        && Standing.heldUpBy(definition, state).isEmpty()
                        && Standing.nextForward(definition, state).contains(step));
    }

    private Decision skipCompensation(StepDefinition step, StepState current) {
        // One that can't even be made, or that does not exist, holds the others up as one that failed does.
        boolean isHeldUp = state.cause() != null
                && state.phase() == SagaPhase.STUCK
                && (Standing.hasEffectToUndo(state, step) || current.status() == StepStatus.UNKNOWN);
        return current.isAwaitingCompensation() || isHeldUp
                ? course.at(state.with(current.with(StepStatus.COMPENSATED))).moveOn()
                : notAllowed();
    }

    private Decision notAllowed() {
        return Decision.unchanged(state, Disposition.NOT_ALLOWED);
    }
}
