package io.amends.saga.engine;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.SagaEvent.Admitted;
import java.time.Instant;

/**
 * What the passing of time means: replies that are overdue, attempts that are due, the deadline. A missing reply says
 * nothing about the effect, so the same command is sent again, and it counts as unknown once the attempts are spent. Used
 * for one decision and thrown away.
 */
final class Timers {

    private final SagaDefinition definition;
    private final SagaState state;
    private final Course course;
    private final Instant now;

    Timers(SagaDefinition definition, SagaState state, Course course, Instant now) {
        this.definition = definition;
        this.state = state;
        this.course = course;
        this.now = now;
    }

    Decision onTimeCame() {
        Instant due = state.dueAt();
        if (due == null || due.isAfter(now)) {
            return Decision.unchanged(state, Disposition.DUPLICATE);
        }
        if (state.pause() != null) {
            return course.released();
        }
        if (isBreached()) {
            return deadline();
        }
        // One at a time: what follows is due at once and comes with the next event.
        return definition.steps().stream()
                .filter(step -> state.step(step.name()).isDue(now))
                .findFirst()
                .map(this::overdue)
                .orElseGet(() -> Decision.unchanged(state, Disposition.DUPLICATE));
    }

    /** While the instance is stuck or paused, nothing begins; on the way back, nothing is held. */
    Decision onAdmitted(Admitted event) {
        StepState current = state.step(event.step());
        return current.held() == null || state.pause() != null || state.phase() != SagaPhase.RUNNING
                ? Decision.unchanged(state, Disposition.DUPLICATE)
                : definition
                        .step(event.step())
                        .map(step -> course.admitted(step, current))
                        .orElseGet(() -> Decision.unchanged(state, Disposition.UNKNOWN_STEP));
    }

    private boolean isBreached() {
        Instant deadline = state.deadlineAt();
        return deadline != null && state.cause() == null && !state.overdue() && !deadline.isAfter(now);
    }

    private Decision deadline() {
        SagaState passed = state.withDeadline(state.deadlineAt(), true);
        Cause cause =
                new Cause(ReasonCode.DEADLINE_BREACHED, "the deadline passed at %s".formatted(state.deadlineAt()));
        Course from = course.at(passed);
        return switch (definition.onDeadline()) {
            case COMPENSATE ->
                from.canTurnBack()
                        ? from.giveUpOpenSteps().turnBack(cause)
                        : from.stuck(cause.code(), Trouble.of(cause.text() + ", after the pivot was asked"));
            case PARK -> from.stuck(cause.code(), Trouble.of(cause.text()));
            case ALERT_ONLY -> from.alert(cause);
        };
    }

    private Decision overdue(StepDefinition step) {
        StepState current = state.step(step.name());
        CommandKind kind = current.status() == StepStatus.SENT ? CommandKind.ACTION : CommandKind.COMPENSATION;
        if (kind == CommandKind.ACTION && step.action() instanceof StepAction.Await && step.timeout() != null) {
            return course.goesOnRegardless(step, kind)
                    ? course.waitFurther(step, current, step.timeout())
                    : course.exhausted(step, kind, ReasonCode.RETRIES_EXHAUSTED, "nobody gave the signal in time");
        }
        if (current.error() != null || !Limits.isSpent(step, kind, current, now)) {
            return course.again(step, kind);
        }
        return course.goesOnRegardless(step, kind)
                ? course.againRegardless(step)
                : course.exhausted(
                        step,
                        kind,
                        ReasonCode.RETRIES_EXHAUSTED,
                        "%s did not reply to %d attempts".formatted(Standing.asked(current), current.attempts()));
    }
}
