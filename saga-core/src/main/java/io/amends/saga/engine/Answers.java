package io.amends.saga.engine;

import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.StepKind;
import io.amends.saga.definition.ReplyHandler;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaEvent.SignalReceived;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What replies, signals and the ends of local steps mean. Used for one decision and thrown away. */
final class Answers {

    private final SagaDefinition definition;
    private final SagaState state;
    private final Course course;

    Answers(SagaDefinition definition, SagaState state, Course course) {
        this.definition = definition;
        this.state = state;
        this.course = course;
    }

    Decision onReply(ReplyReceived event) {
        Optional<StepDefinition> step = definition.step(event.step());
        if (step.isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        StepState current = state.step(event.step());
        Disposition disposition = event.kind() == CommandKind.ACTION
                ? ofActionReply(state.phase(), current, event)
                : ofCompensationReply(state.phase(), current, event);
        if (disposition != Disposition.ACCEPTED) {
            return Decision.unchanged(state, disposition);
        }
        if (event.outcome() == Outcome.ERROR) {
            return course.failed(
                    step.get(), event.kind(), new Trouble(event.replyType(), event.errorFrames()), event.permanent());
        }
        return event.kind() == CommandKind.COMPENSATION
                ? compensationAnswered(state, current, event.outcome(), event.replyType())
                : actionAnswered(state, step.get(), current, event.outcome(), event.reply(), event.replyType());
    }

    private static Disposition ofActionReply(SagaPhase phase, StepState step, ReplyReceived event) {
        if (step.status() == StepStatus.PENDING || step.status() == StepStatus.SKIPPED) {
            return Disposition.NOT_ASKED;
        }
        if (step.isAwaitingAction() && !event.participant().equals(step.participant())) {
            return Disposition.WRONG_PARTICIPANT;
        }
        if (isOfEarlierRound(step, event)) {
            return Disposition.LATE;
        }
        if (step.outcome() == event.outcome() || isRepeatedError(step, event)) {
            return Disposition.DUPLICATE;
        }
        if (step.isAwaitingAction() && !phase.isTerminal()) {
            return isErrorOfAnotherAttempt(step, event) ? Disposition.LATE : Disposition.ACCEPTED;
        }
        return step.outcome() == null ? Disposition.LATE : Disposition.CONTRADICTORY;
    }

    private static Disposition ofCompensationReply(SagaPhase phase, StepState step, ReplyReceived event) {
        boolean success = event.outcome() == Outcome.SUCCESS;
        switch (step.status()) {
            case COMPENSATED:
                return success ? Disposition.DUPLICATE : Disposition.CONTRADICTORY;
            case COMPENSATING:
            case COMPENSATION_FAILED:
                if (!event.participant().equals(step.participant())) {
                    return Disposition.WRONG_PARTICIPANT;
                }
                if (isOfEarlierRound(step, event)) {
                    return Disposition.LATE;
                }
                if (isRepeatedError(step, event) || (step.status() == StepStatus.COMPENSATION_FAILED && !success)) {
                    return Disposition.DUPLICATE;
                }
                return phase.isTerminal() || isErrorOfAnotherAttempt(step, event)
                        ? Disposition.LATE
                        : Disposition.ACCEPTED;
            default:
                return Disposition.NOT_ASKED;
        }
    }

    /** An operator has asked anew since. A success is one whatever was asked for. */
    private static boolean isOfEarlierRound(StepState step, ReplyReceived event) {
        return event.outcome() != Outcome.SUCCESS && event.round() < step.round();
    }

    /** While the next attempt is waited for, another error says nothing new. */
    private static boolean isRepeatedError(StepState step, ReplyReceived event) {
        return event.outcome() == Outcome.ERROR && step.error() != null;
    }

    /**
     * An error says how one attempt went, and must not use up the one that is under way. A success or a rejection says
     * how the command went, whichever attempt brought it about. After an operator's retry attempts are counted anew.
     */
    private static boolean isErrorOfAnotherAttempt(StepState step, ReplyReceived event) {
        return event.outcome() == Outcome.ERROR && event.attempt() > 0 && event.attempt() != step.attempts();
    }

    /** Once the instance has turned back, nobody's word is waited for. */
    Decision onSignal(SignalReceived event) {
        if (state.cause() != null || state.phase().isTerminal()) {
            return Decision.unchanged(state, Disposition.NOT_ASKED);
        }
        for (StepDefinition step : definition.steps()) {
            StepState current = state.step(step.name());
            if (step.action() instanceof StepAction.Await await
                    && await.replyType().isInstance(event.reply())
                    && current.isAwaitingAction()
                    && isFor(await, event)) {
                Outcome outcome = event.reply() instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS;
                return actionAnswered(state, step, current, outcome, event.reply(), event.signal());
            }
        }
        return Decision.unchanged(state, Disposition.NOT_ASKED);
    }

    private boolean isFor(StepAction.Await await, SignalReceived event) {
        try {
            return await.signal()
                    .apply(state.data())
                    .filter(signal -> signal.name().equals(event.signal()))
                    .isPresent();
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            // The step began with this function, so that it is the data that no longer suits it.
            return false;
        }
    }

    Decision onLocalStepRan(LocalStepRan event) {
        Optional<StepDefinition> step = definition.step(event.step());
        if (step.isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        StepState current = state.step(event.step());
        if (!isRunning(current, event.kind())) {
            return Decision.unchanged(state, Disposition.NOT_ASKED);
        }
        Outcome outcome = event.reply() instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS;
        String what =
                event.reply() == null ? "local step" : event.reply().getClass().getSimpleName();
        SagaState next = outcome == Outcome.SUCCESS ? state.withData(event.data()) : state;
        return event.kind() == CommandKind.ACTION
                ? actionAnswered(next, step.get(), current, outcome, event.reply(), what)
                : compensationAnswered(next, current, outcome, what);
    }

    Decision onLocalStepThrew(LocalStepThrew event) {
        Optional<StepDefinition> step = definition.step(event.step());
        if (step.isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        return isRunning(state.step(event.step()), event.kind())
                ? course.failed(
                        step.get(), event.kind(), new Trouble(event.error(), event.errorFrames()), event.permanent())
                : Decision.unchanged(state, Disposition.NOT_ASKED);
    }

    /** A local step ends in the decision's own transaction: unlike a reply, its word is never late. */
    private boolean isRunning(StepState step, CommandKind kind) {
        StepStatus running = kind == CommandKind.ACTION ? StepStatus.SENT : StepStatus.COMPENSATING;
        return step.status() == running && !state.phase().isTerminal();
    }

    private Decision actionAnswered(
            SagaState before,
            StepDefinition step,
            StepState current,
            Outcome outcome,
            @Nullable Reply reply,
            String replyType) {
        SagaState taken = before;
        if (reply != null) {
            try {
                taken = before.withData(takeIn(step, before.data(), reply));
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
                // Such an error is the function's, not the machine's, and would come again with every delivery.
                // The step stays open, so that the same reply can be taken again once the code is mended.
                return course.at(before)
                        .stuck(ReasonCode.NON_RETRYABLE, Trouble.thrown(notTaken(step, thrown), thrown));
            }
        }
        SagaState answered = taken.with(current.answered(outcome));
        if (outcome == Outcome.SUCCESS) {
            return course.at(answered).moveOn();
        }
        String who = Standing.asked(current);
        return step.kind() == StepKind.RETRIABLE
                ? course.at(answered)
                        .stuck(
                                ReasonCode.NON_RETRYABLE,
                                Trouble.of("step '%s' must succeed, but %s rejected it with %s"
                                        .formatted(step.name(), who, replyType)))
                : course.at(answered)
                        .turnBack(new Cause(
                                ReasonCode.REJECTED,
                                "step '%s' was rejected by %s with %s".formatted(step.name(), who, replyType)));
    }

    static String notTaken(StepDefinition step, Throwable thrown) {
        return "the @OnReply method of step '%s' threw %s".formatted(step.name(), thrown);
    }

    static Object takeIn(StepDefinition step, Object data, Reply reply) {
        Object taken = data;
        for (ReplyHandler handler : step.replyHandlers()) {
            if (handler.replyType().isInstance(reply)) {
                taken = handler.apply().apply(taken, reply);
            }
        }
        return taken;
    }

    private Decision compensationAnswered(SagaState before, StepState current, Outcome outcome, String what) {
        return outcome == Outcome.SUCCESS
                ? course.at(before.with(current.with(StepStatus.COMPENSATED))).moveOn()
                : course.at(before.with(current.with(StepStatus.COMPENSATION_FAILED)))
                        .stuck(
                                ReasonCode.COMPENSATION_FAILED,
                                Trouble.of("the compensation of step '%s' was answered with %s (%s)"
                                        .formatted(current.name(), what, outcome.wireName())));
    }
}
