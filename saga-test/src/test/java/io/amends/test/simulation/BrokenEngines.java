package io.amends.test.simulation;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Decision;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.Moment;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaEffect;
import io.amends.saga.engine.SagaEngine;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Engines that decide wrongly. */
final class BrokenEngines {

    private BrokenEngines() {}

    static Decision timeoutIsRejection(SagaDefinition saga, SagaState state, SagaEvent event, Moment moment) {
        if (event instanceof SagaEvent.TimeCame) {
            for (StepState step : state.steps().values()) {
                if (step.status() == StepStatus.SENT
                        && step.error() == null
                        && step.dueAt() != null
                        && !step.dueAt().isAfter(moment.now())) {
                    return SagaEngine.decide(saga, state, refusalOf(step), moment);
                }
            }
        }
        return SagaEngine.decide(saga, state, event, moment);
    }

    private static ReplyReceived refusalOf(StepState step) {
        return new ReplyReceived(
                step.name(),
                CommandKind.ACTION,
                String.valueOf(step.participant()),
                Outcome.REJECTION,
                new Banking.Refused(),
                "refused",
                false,
                step.attempts(),
                step.round());
    }

    static Decision deadlineForgetsOpenSteps(SagaDefinition saga, SagaState state, SagaEvent event, Moment moment) {
        Instant deadline = state.deadlineAt();
        boolean breached = event instanceof SagaEvent.TimeCame
                && deadline != null
                && state.cause() == null
                && !deadline.isAfter(moment.now());
        if (!breached) {
            return SagaEngine.decide(saga, state, event, moment);
        }
        Map<String, StepState> steps = new LinkedHashMap<>(state.steps());
        steps.replaceAll((name, step) ->
                step.status() == StepStatus.SENT ? as(step, StepStatus.REJECTED, step.participant()) : step);
        return SagaEngine.decide(saga, with(state, state.phase(), steps), event, moment);
    }

    static Decision anybodyMayReply(SagaDefinition saga, SagaState state, SagaEvent event, Moment moment) {
        if (event instanceof ReplyReceived reply) {
            String asked = state.step(reply.step()).participant();
            return SagaEngine.decide(
                    saga,
                    state,
                    new ReplyReceived(
                            reply.step(),
                            reply.kind(),
                            asked == null ? reply.participant() : asked,
                            reply.outcome(),
                            reply.reply(),
                            reply.replyType(),
                            reply.permanent(),
                            reply.attempt(),
                            reply.round()),
                    moment);
        }
        return SagaEngine.decide(saga, state, event, moment);
    }

    static Decision compensatesAllAtOnce(SagaDefinition saga, SagaState state, SagaEvent event, Moment moment) {
        Decision decision = SagaEngine.decide(saga, state, event, moment);
        if (decision.state().phase() != SagaPhase.COMPENSATING) {
            return decision;
        }
        Map<String, StepState> steps = new LinkedHashMap<>(decision.state().steps());
        List<SagaEffect> effects = new ArrayList<>(decision.effects());
        for (StepDefinition step : saga.steps()) {
            StepState current = decision.state().step(step.name());
            if (current.status() == StepStatus.SUCCEEDED && step.compensation() instanceof StepAction.Remote undo) {
                undo.command().apply(state.data()).ifPresent(command -> {
                    effects.add(new SagaEffect.SendCommand(
                            step.name(), CommandKind.COMPENSATION, command.participant(), command.command(), 1, 0));
                    steps.put(step.name(), as(current, StepStatus.COMPENSATING, command.participant()));
                });
            }
        }
        return new Decision(
                with(decision.state(), decision.state().phase(), steps), effects, decision.disposition(), null);
    }

    static Decision lateReplyReopens(SagaDefinition saga, SagaState state, SagaEvent event, Moment moment) {
        return event instanceof ReplyReceived && state.phase().isTerminal()
                ? new Decision(with(state, SagaPhase.RUNNING, state.steps()), List.of(), Disposition.ACCEPTED, null)
                : SagaEngine.decide(saga, state, event, moment);
    }

    private static StepState as(StepState step, StepStatus status, @Nullable String asked) {
        return new StepState(
                step.name(), status, asked, step.outcome(), 1, step.firstSentAt(), null, null, step.slaAt(), null, 0);
    }

    private static SagaState with(SagaState state, SagaPhase phase, Map<String, StepState> steps) {
        return new SagaState(
                phase,
                state.data(),
                steps,
                state.reasonCode(),
                state.reason(),
                state.cause(),
                state.deadlineAt(),
                state.overdue(),
                state.pause());
    }
}
