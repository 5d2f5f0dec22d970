package io.amends.dashboard.instance;

import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.StepStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a saga, with its action in the forward lane and its compensation in the other.
 *
 * @param name its name
 * @param position steps of the same position run in parallel; null if no process noted the definition
 * @param action what it does
 * @param compensation what undoes it, null where nothing does
 * @param status where it stands
 * @param participant who was asked last, or would be asked; null for nobody, or for whom the command's address says
 * @param outcome what the action's accepted reply said, null while there is none
 * @param attempts how often the open command was sent
 * @param allowed how often it is sent at most, null if that is not known or there is no limit
 * @param firstSentAt when the open command was sent first, null if there is none
 * @param dueAt when something follows by itself, null for never
 * @param error what the last attempt failed with while the next one is waited for, null otherwise
 * @param slaAt by when somebody is expected to decide, null for no matter when
 * @param heldFor the participant whose turn its action waits for, null if it does not wait
 * @param heldSince since when it waits so, null if it does not
 * @param heldBy the operator who holds that participant, null if nobody does
 * @param changedAt when it last changed, null if it has not begun
 * @param errorFrames where in the code the error came from, the innermost first; empty if that is not known
 */
public record StepLine(
        String name,
        @Nullable Integer position,
        @Nullable Kind action,
        @Nullable Kind compensation,
        StepStatus status,
        @Nullable String participant,
        @Nullable Outcome outcome,
        int attempts,
        @Nullable Integer allowed,
        @Nullable Instant firstSentAt,
        @Nullable Instant dueAt,
        @Nullable String error,
        @Nullable Instant slaAt,
        @Nullable String heldFor,
        @Nullable Instant heldSince,
        @Nullable String heldBy,
        @Nullable Instant changedAt,
        List<String> errorFrames) {

    public StepLine {
        errorFrames = List.copyOf(errorFrames);
    }

    /** What a step or a compensation does. */
    public enum Kind {
        /** Sends a command. */
        COMMAND,
        /** Runs in the orchestrator. */
        LOCAL,
        /** Waits for somebody's word. */
        SIGNAL,
        /** Starts another saga. */
        SUB_SAGA
    }

    /** Where a lane stands at a step. */
    public enum Mark {
        /** Nothing was begun. */
        NONE,
        /** It is under way. */
        OPEN,
        /** It waits for the participant's turn. */
        HELD,
        /** It is done. */
        DONE,
        /** The participant said no. */
        REJECTED,
        /** It was given up; what it did is not known. */
        UNKNOWN,
        /** It could not be done. */
        FAILED,
        /** It was not needed. */
        SKIPPED
    }

    /** The forward lane. */
    public Mark forward() {
        if (heldFor != null) {
            return Mark.HELD;
        }
        return switch (status) {
            case PENDING -> Mark.NONE;
            case SENT -> Mark.OPEN;
            case SUCCEEDED -> Mark.DONE;
            case REJECTED -> Mark.REJECTED;
            case UNKNOWN -> Mark.UNKNOWN;
            case SKIPPED -> Mark.SKIPPED;
            case COMPENSATING, COMPENSATED, COMPENSATION_FAILED ->
                outcome == Outcome.SUCCESS ? Mark.DONE : Mark.UNKNOWN;
        };
    }

    /** The lane of compensations. */
    public Mark backward() {
        return switch (status) {
            case COMPENSATING -> Mark.OPEN;
            case COMPENSATED -> Mark.DONE;
            case COMPENSATION_FAILED -> Mark.FAILED;
            default -> Mark.NONE;
        };
    }

    /** Whether its action or its compensation is under way, or waits for its turn. */
    public boolean isOpen() {
        return status == StepStatus.SENT || status == StepStatus.COMPENSATING || heldFor != null;
    }
}
