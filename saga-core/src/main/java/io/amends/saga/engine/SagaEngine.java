package io.amends.saga.engine;

import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.StepKind;
import io.amends.saga.definition.ReplyHandler;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaEvent.Started;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an event means for an instance. A pure, total, deterministic function: the same arguments give the same
 * decision, and no event makes it throw. {@link Course} moves an instance on; this class says which events count.
 */
public final class SagaEngine {

    private SagaEngine() {}

    /** The decision for that event in that state. */
    public static Decision decide(SagaDefinition definition, SagaState state, SagaEvent event) {
        if (event instanceof Started) {
            return state.steps().isEmpty() && state.phase() == SagaPhase.RUNNING
                    ? Course.of(definition, state).moveOn()
                    : Decision.unchanged(state, Disposition.DUPLICATE);
        }
        if (event instanceof ReplyReceived reply) {
            return onReply(definition, state, reply);
        }
        if (event instanceof LocalStepRan ran) {
            return onLocalStepRan(definition, state, ran);
        }
        return onLocalStepThrew(definition, state, (LocalStepThrew) event);
    }

    private static Decision onReply(SagaDefinition definition, SagaState state, ReplyReceived event) {
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
        if (event.kind() == CommandKind.COMPENSATION) {
            return compensationAnswered(definition, state, current, event.outcome(), event.replyType());
        }
        return actionAnswered(
                definition, state, step.get(), current, event.outcome(), event.reply(), event.replyType());
    }

    private static Disposition ofActionReply(SagaPhase phase, StepState step, ReplyReceived event) {
        if (step.status() == StepStatus.PENDING || step.status() == StepStatus.SKIPPED) {
            return Disposition.NOT_ASKED;
        }
        if (step.isAwaitingAction() && !event.participant().equals(step.participant())) {
            return Disposition.WRONG_PARTICIPANT;
        }
        if (step.outcome() == event.outcome()) {
            return Disposition.DUPLICATE;
        }
        if (step.isAwaitingAction() && !phase.isTerminal()) {
            return Disposition.ACCEPTED;
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
                if (step.status() == StepStatus.COMPENSATION_FAILED && !success) {
                    return Disposition.DUPLICATE;
                }
                return phase.isTerminal() ? Disposition.LATE : Disposition.ACCEPTED;
            default:
                return Disposition.NOT_ASKED;
        }
    }

    private static Decision onLocalStepRan(SagaDefinition definition, SagaState state, LocalStepRan event) {
        Optional<StepDefinition> step = definition.step(event.step());
        if (step.isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        StepState current = state.step(event.step());
        if (!isOpen(current, event.kind())) {
            return Decision.unchanged(state, Disposition.NOT_ASKED);
        }
        Outcome outcome = event.reply() instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS;
        String what =
                event.reply() == null ? "local step" : event.reply().getClass().getSimpleName();
        SagaState next = outcome == Outcome.SUCCESS ? state.withData(event.data()) : state;
        return event.kind() == CommandKind.ACTION
                ? actionAnswered(definition, next, step.get(), current, outcome, event.reply(), what)
                : compensationAnswered(definition, next, current, outcome, what);
    }

    private static Decision onLocalStepThrew(SagaDefinition definition, SagaState state, LocalStepThrew event) {
        StepState current = state.step(event.step());
        if (definition.step(event.step()).isEmpty()) {
            return Decision.unchanged(state, Disposition.UNKNOWN_STEP);
        }
        if (!isOpen(current, event.kind())) {
            return Decision.unchanged(state, Disposition.NOT_ASKED);
        }
        return event.kind() == CommandKind.ACTION
                ? Course.of(definition, state.with(current.answered(Outcome.ERROR)))
                        .stuck(
                                ReasonCode.NON_RETRYABLE,
                                "local step '%s' threw %s".formatted(event.step(), event.error()))
                : compensationAnswered(definition, state, current, Outcome.ERROR, event.error());
    }

    private static boolean isOpen(StepState step, CommandKind kind) {
        return kind == CommandKind.ACTION ? step.isAwaitingAction() : step.isAwaitingCompensation();
    }

    private static Decision actionAnswered(
            SagaDefinition definition,
            SagaState state,
            StepDefinition step,
            StepState current,
            Outcome outcome,
            @Nullable Reply reply,
            String replyType) {
        SagaState taken = state;
        if (reply != null) {
            try {
                taken = state.withData(takeIn(step, state.data(), reply));
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
                // Such an error is the function's, not the machine's, and would come again with every delivery.
                // The step stays open, so that the same reply can be taken again once the code is mended.
                return Course.of(definition, state)
                        .stuck(
                                ReasonCode.NON_RETRYABLE,
                                "the @OnReply method of step '%s' threw %s".formatted(step.name(), thrown));
            }
        }
        SagaState answered = taken.with(current.answered(outcome));
        String who = current.participant() == null ? "the saga itself" : "'" + current.participant() + "'";
        return switch (outcome) {
            case SUCCESS -> Course.of(definition, answered).moveOn();
            case REJECTION ->
                step.kind() == StepKind.RETRIABLE
                        ? Course.of(definition, answered)
                                .stuck(
                                        ReasonCode.NON_RETRYABLE,
                                        "step '%s' must succeed, but %s rejected it with %s"
                                                .formatted(step.name(), who, replyType))
                        : Course.of(
                                        definition,
                                        answered.because(
                                                ReasonCode.REJECTED,
                                                "step '%s' was rejected by %s with %s"
                                                        .formatted(step.name(), who, replyType)))
                                .moveOn();
            case ERROR ->
                Course.of(definition, answered)
                        .stuck(
                                ReasonCode.RETRIES_EXHAUSTED,
                                "step '%s': %s gave up with %s".formatted(step.name(), who, replyType));
        };
    }

    private static Object takeIn(StepDefinition step, Object data, Reply reply) {
        Object taken = data;
        for (ReplyHandler handler : step.replyHandlers()) {
            if (handler.replyType().isInstance(reply)) {
                taken = handler.apply().apply(taken, reply);
            }
        }
        return taken;
    }

    private static Decision compensationAnswered(
            SagaDefinition definition, SagaState state, StepState current, Outcome outcome, String what) {
        return outcome == Outcome.SUCCESS
                ? Course.of(definition, state.with(current.with(StepStatus.COMPENSATED)))
                        .moveOn()
                : Course.of(definition, state.with(current.with(StepStatus.COMPENSATION_FAILED)))
                        .stuck(
                                ReasonCode.COMPENSATION_FAILED,
                                "the compensation of step '%s' was answered with %s (%s)"
                                        .formatted(current.name(), what, outcome.wireName()));
    }
}
