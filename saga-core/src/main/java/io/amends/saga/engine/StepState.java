package io.amends.saga.engine;

import org.jspecify.annotations.Nullable;

/**
 * Where one step of an instance stands.
 *
 * @param name the step's name
 * @param status its status
 * @param participant who was asked last, null for a local step or one that has not begun
 * @param outcome what the action's accepted reply said, null while there is none
 * @param attempts how often the open command was sent
 */
public record StepState(
        String name,
        StepStatus status,
        @Nullable String participant,
        @Nullable Outcome outcome,
        int attempts) {

    static StepState pending(String name) {
        return new StepState(name, StepStatus.PENDING, null, null, 0);
    }

    StepState sent(@Nullable String toParticipant) {
        return new StepState(name, StepStatus.SENT, toParticipant, null, attempts + 1);
    }

    StepState compensating(@Nullable String toParticipant) {
        return new StepState(name, StepStatus.COMPENSATING, toParticipant, outcome, 1);
    }

    StepState answered(Outcome reply) {
        StepStatus next = switch (reply) {
            case SUCCESS -> StepStatus.SUCCEEDED;
            case REJECTION -> StepStatus.REJECTED;
            case ERROR -> StepStatus.UNKNOWN;
        };
        return new StepState(name, next, participant, reply, attempts);
    }

    StepState with(StepStatus next) {
        return new StepState(name, next, participant, outcome, attempts);
    }

    boolean isAwaitingAction() {
        return status == StepStatus.SENT || status == StepStatus.UNKNOWN;
    }

    boolean isAwaitingCompensation() {
        return status == StepStatus.COMPENSATING || status == StepStatus.COMPENSATION_FAILED;
    }
}
