package io.amends.runtime.orchestrator;

import io.amends.runtime.flow.Traffic;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Decision;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaEvent.TimeCame;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.time.Instant;

/** What a decision shows of the participants and of how much is on its way, told to the flow control. */
final class Sightings {

    private Sightings() {}

    static void tell(
            Traffic traffic,
            SagaDefinition definition,
            SagaState before,
            SagaEvent event,
            Decision decision,
            Instant now) {
        SagaState after = decision.state();
        if (event instanceof ReplyReceived reply) {
            heard(traffic, before, reply, decision.disposition());
        }
        if (decision.disposition() != Disposition.ACCEPTED) {
            return;
        }
        for (StepState step : after.steps().values()) {
            StepState was = before.step(step.name());
            if (step.equals(was)) {
                continue;
            }
            if (event instanceof TimeCame && isOverdue(was, now) && was.participant() != null) {
                traffic.failed(was.participant());
            }
            boolean wasOpen = was.status() == StepStatus.SENT;
            boolean isOpen = step.status() == StepStatus.SENT;
            if (isOpen && !wasOpen && step.participant() != null) {
                traffic.opened(step.participant());
            } else if (wasOpen && !isOpen && was.participant() != null) {
                traffic.closed(was.participant());
            }
        }
        boolean ran = isInFlight(before.phase());
        boolean runs = isInFlight(after.phase());
        if (ran && !runs) {
            traffic.ended(definition.name());
        } else if (runs && !ran) {
            traffic.begun(definition.name());
        }
    }

    /**
     * Whoever answers is alive, whatever it says and however late; except that a technical error is a failure, once, and
     * one that lies in the command itself says nothing.
     */
    private static void heard(Traffic traffic, SagaState before, ReplyReceived reply, Disposition disposition) {
        if (!reply.participant().equals(before.step(reply.step()).participant())) {
            return;
        }
        if (reply.outcome() != Outcome.ERROR) {
            traffic.answered(reply.participant());
        } else if (disposition == Disposition.ACCEPTED && !reply.permanent()) {
            traffic.failed(reply.participant());
        }
    }

    /** One that waits for its next attempt had an answer. */
    private static boolean isOverdue(StepState step, Instant now) {
        boolean isOpen = step.status() == StepStatus.SENT || step.status() == StepStatus.COMPENSATING;
        return isOpen
                && step.error() == null
                && step.dueAt() != null
                && !step.dueAt().isAfter(now);
    }

    private static boolean isInFlight(SagaPhase phase) {
        return phase == SagaPhase.RUNNING || phase == SagaPhase.COMPENSATING;
    }
}
