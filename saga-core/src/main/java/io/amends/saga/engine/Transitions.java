package io.amends.saga.engine;

import static io.amends.saga.engine.Trigger.ANSWER;
import static io.amends.saga.engine.Trigger.OPERATOR;
import static io.amends.saga.engine.Trigger.START;
import static io.amends.saga.engine.Trigger.TIME;

import java.util.List;

/**
 * Every way in which a decision of {@link SagaEngine} changes the phase of an instance and the status of a step, from what
 * was stored before to what is stored after. The engine does not read these tables; they say what it does, for documents,
 * pages and whoever reads a history. Its random walk takes each of them, and no other.
 */
public final class Transitions {

    /** The ways of an instance. */
    public static final List<Transition<SagaPhase>> OF_PHASES = List.of(
            Transition.of(SagaPhase.RUNNING, SagaPhase.COMPLETED, START, ANSWER, TIME, OPERATOR),
            Transition.of(SagaPhase.RUNNING, SagaPhase.COMPENSATING, ANSWER, TIME, OPERATOR),
            // Where there is nothing to compensate, at once.
            Transition.of(SagaPhase.RUNNING, SagaPhase.COMPENSATED, ANSWER, TIME, OPERATOR),
            Transition.of(SagaPhase.RUNNING, SagaPhase.STUCK, START, ANSWER, TIME, OPERATOR),
            Transition.of(SagaPhase.COMPENSATING, SagaPhase.COMPENSATED, ANSWER, TIME, OPERATOR),
            Transition.of(SagaPhase.COMPENSATING, SagaPhase.STUCK, ANSWER, TIME, OPERATOR),
            // By hand only.
            Transition.of(SagaPhase.COMPENSATING, SagaPhase.COMPLETED, OPERATOR),
            // What was ended by hand, and only that, is taken up again.
            Transition.of(SagaPhase.COMPLETED, SagaPhase.RUNNING, OPERATOR),
            Transition.of(SagaPhase.COMPLETED, SagaPhase.COMPENSATING, OPERATOR),
            Transition.of(SagaPhase.COMPLETED, SagaPhase.STUCK, OPERATOR),
            Transition.of(SagaPhase.COMPLETED, SagaPhase.COMPENSATED, OPERATOR),
            Transition.of(SagaPhase.COMPENSATED, SagaPhase.RUNNING, OPERATOR),
            Transition.of(SagaPhase.COMPENSATED, SagaPhase.COMPENSATING, OPERATOR),
            Transition.of(SagaPhase.COMPENSATED, SagaPhase.STUCK, OPERATOR),
            Transition.of(SagaPhase.COMPENSATED, SagaPhase.COMPLETED, OPERATOR),
            // An answer that comes after all frees an instance as an operator does.
            Transition.of(SagaPhase.STUCK, SagaPhase.RUNNING, ANSWER, OPERATOR),
            Transition.of(SagaPhase.STUCK, SagaPhase.COMPENSATING, ANSWER, OPERATOR),
            Transition.of(SagaPhase.STUCK, SagaPhase.COMPLETED, ANSWER, OPERATOR),
            Transition.of(SagaPhase.STUCK, SagaPhase.COMPENSATED, ANSWER, OPERATOR));

    /** The ways of a step. */
    public static final List<Transition<StepStatus>> OF_STEPS = List.of(
            Transition.of(StepStatus.PENDING, StepStatus.SENT, START, ANSWER, TIME, OPERATOR),
            Transition.of(StepStatus.PENDING, StepStatus.SKIPPED, START, ANSWER, TIME, OPERATOR),
            Transition.of(StepStatus.PENDING, StepStatus.SUCCEEDED, OPERATOR),
            Transition.of(StepStatus.SENT, StepStatus.SUCCEEDED, ANSWER, OPERATOR),
            Transition.of(StepStatus.SENT, StepStatus.REJECTED, ANSWER),
            Transition.of(StepStatus.SENT, StepStatus.UNKNOWN, ANSWER, TIME, OPERATOR),
            // Nobody's word is waited for on the way back, and a local step that threw left nothing.
            Transition.of(StepStatus.SENT, StepStatus.SKIPPED, ANSWER, TIME, OPERATOR),
            // Its outcome is unknown, so that it is the first to be compensated.
            Transition.of(StepStatus.SENT, StepStatus.COMPENSATING, ANSWER, TIME, OPERATOR),
            Transition.of(StepStatus.SENT, StepStatus.COMPENSATED, ANSWER, TIME, OPERATOR),
            Transition.of(StepStatus.UNKNOWN, StepStatus.SENT, OPERATOR),
            Transition.of(StepStatus.UNKNOWN, StepStatus.SUCCEEDED, ANSWER, OPERATOR),
            Transition.of(StepStatus.UNKNOWN, StepStatus.REJECTED, ANSWER),
            Transition.of(StepStatus.UNKNOWN, StepStatus.SKIPPED, ANSWER, OPERATOR),
            Transition.of(StepStatus.UNKNOWN, StepStatus.COMPENSATING, ANSWER, TIME, OPERATOR),
            Transition.of(StepStatus.UNKNOWN, StepStatus.COMPENSATED, ANSWER, TIME, OPERATOR),
            // Only what must succeed, which does not turn the instance back.
            Transition.of(StepStatus.REJECTED, StepStatus.SENT, OPERATOR),
            Transition.of(StepStatus.REJECTED, StepStatus.SUCCEEDED, OPERATOR),
            Transition.of(StepStatus.REJECTED, StepStatus.SKIPPED, OPERATOR),
            Transition.of(StepStatus.REJECTED, StepStatus.PENDING, OPERATOR),
            // Where an operator goes on from an earlier step.
            Transition.of(StepStatus.SKIPPED, StepStatus.SENT, OPERATOR),
            Transition.of(StepStatus.SKIPPED, StepStatus.PENDING, OPERATOR),
            Transition.of(StepStatus.SUCCEEDED, StepStatus.SENT, OPERATOR),
            // A word that is not needed any more.
            Transition.of(StepStatus.SUCCEEDED, StepStatus.SKIPPED, OPERATOR),
            Transition.of(StepStatus.SUCCEEDED, StepStatus.COMPENSATING, ANSWER, TIME, OPERATOR),
            // Its compensation is empty.
            Transition.of(StepStatus.SUCCEEDED, StepStatus.COMPENSATED, ANSWER, TIME, OPERATOR),
            Transition.of(StepStatus.COMPENSATING, StepStatus.COMPENSATED, ANSWER, OPERATOR),
            Transition.of(StepStatus.COMPENSATING, StepStatus.COMPENSATION_FAILED, ANSWER, TIME),
            Transition.of(StepStatus.COMPENSATION_FAILED, StepStatus.COMPENSATING, OPERATOR),
            Transition.of(StepStatus.COMPENSATION_FAILED, StepStatus.COMPENSATED, ANSWER, OPERATOR));

    private Transitions() {}
}
