package io.amends.saga.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one step of an instance stands.
 *
 * @param name the step's name
 * @param status its status
 * @param participant who was asked last, null for a local step, a signal or a step that has not begun
 * @param outcome what the action's accepted reply said, null while there is none
 * @param attempts how often the open command was sent
 * @param firstSentAt when the open command was sent first, null if there is none
 * @param dueAt when something follows by itself: the reply is overdue, or the next attempt is due; null for never
 * @param error what the last attempt failed with while the next one is waited for, null otherwise
 * @param slaAt by when a signal is expected, null for no matter when
 * @param held who its action waits for and since when, null if it does not wait
 * @param round how often an operator has asked anew after a rejection: what was rejected is another question then, and a
 *     rejection of an earlier round says nothing of this one
 * @param errorFrames where in the code the error came from, as {@link Frames} writes it; null if nobody said, and without an error
 */
public record StepState(
        String name,
        StepStatus status,
        @Nullable String participant,
        @Nullable Outcome outcome,
        int attempts,
        @Nullable Instant firstSentAt,
        @Nullable Instant dueAt,
        @Nullable String error,
        @Nullable Instant slaAt,
        @Nullable Held held,
        int round,
        @Nullable String errorFrames) {

    /** One whose error, if there is any, came from nobody knows where. */
    public StepState(
            String name,
            StepStatus status,
            @Nullable String participant,
            @Nullable Outcome outcome,
            int attempts,
            @Nullable Instant firstSentAt,
            @Nullable Instant dueAt,
            @Nullable String error,
            @Nullable Instant slaAt,
            @Nullable Held held,
            int round) {
        this(name, status, participant, outcome, attempts, firstSentAt, dueAt, error, slaAt, held, round, null);
    }

    static StepState pending(String name) {
        return new StepState(name, StepStatus.PENDING, null, null, 0, null, null, null, null, null, 0);
    }

    /** Its action or compensation was begun anew. */
    StepState begun(StepStatus as, @Nullable String toParticipant, Instant now, @Nullable Instant overdueAt) {
        Outcome ofAction = as == StepStatus.SENT ? null : outcome;
        return new StepState(name, as, toParticipant, ofAction, 1, now, overdueAt, null, null, null, roundOf(as));
    }

    /** A no that was given is given again to whoever repeats the question, so that asking for another one is a new round. */
    int roundOf(StepStatus as) {
        if (as == StepStatus.SENT) {
            return status == StepStatus.REJECTED ? round + 1 : round;
        }
        if (status == StepStatus.COMPENSATION_FAILED) {
            return round + 1;
        }
        return status == StepStatus.COMPENSATING ? round : 0;
    }

    /** It is looked at when its turn comes, as if for the first time. */
    StepState lookedAtAgain() {
        return new StepState(
                name, StepStatus.PENDING, null, null, 0, null, null, null, null, null, roundOf(StepStatus.SENT));
    }

    /** The open command was sent once more. */
    StepState again(@Nullable String toParticipant, @Nullable Instant overdueAt) {
        return new StepState(
                name, status, toParticipant, outcome, attempts + 1, firstSentAt, overdueAt, null, null, null, round);
    }

    /** The last attempt failed; the next one follows then. */
    StepState failed(Trouble with, Instant nextAt) {
        return new StepState(
                name,
                status,
                participant,
                outcome,
                attempts,
                firstSentAt,
                nextAt,
                with.text(),
                slaAt,
                null,
                round,
                with.frames());
    }

    StepState expectedBy(@Nullable Instant time) {
        return new StepState(
                name,
                status,
                participant,
                outcome,
                attempts,
                firstSentAt,
                dueAt,
                error,
                time,
                held,
                round,
                errorFrames);
    }

    /** What is due comes no sooner than that. */
    StepState dueNotBefore(Instant time) {
        Instant later = dueAt != null && dueAt.isBefore(time) ? time : dueAt;
        return new StepState(
                name,
                status,
                participant,
                outcome,
                attempts,
                firstSentAt,
                later,
                error,
                slaAt,
                held,
                round,
                errorFrames);
    }

    StepState answered(Outcome reply) {
        StepStatus next = switch (reply) {
            case SUCCESS -> StepStatus.SUCCEEDED;
            case REJECTION -> StepStatus.REJECTED;
            case ERROR -> StepStatus.UNKNOWN;
        };
        return new StepState(name, next, participant, reply, attempts, firstSentAt, null, null, null, null, round);
    }

    StepState with(StepStatus next) {
        return new StepState(name, next, participant, outcome, attempts, firstSentAt, null, null, null, null, round);
    }

    /** Its action waits for that participant. */
    StepState heldFor(String toParticipant, Instant now) {
        return new StepState(
                name,
                status,
                participant,
                outcome,
                attempts,
                firstSentAt,
                null,
                error,
                slaAt,
                new Held(toParticipant, now),
                round,
                errorFrames);
    }

    /** As if the last attempt had not been, and it had not waited: so that the next one takes its place. */
    StepState spared(Instant now) {
        Instant first = firstSentAt == null || held == null
                ? firstSentAt
                : firstSentAt.plus(Duration.between(held.since(), now));
        return new StepState(
                name, status, participant, outcome, attempts - 1, first, dueAt, error, slaAt, held, round, errorFrames);
    }

    /** Its action waits no longer: one that was never sent has not begun, the next attempt at another is due. */
    StepState heldNoLonger(Instant now) {
        Instant due = isOpen() ? now : null;
        return new StepState(
                name, status, participant, outcome, attempts, firstSentAt, due, error, slaAt, null, round, errorFrames);
    }

    boolean isAwaitingAction() {
        return status == StepStatus.SENT || status == StepStatus.UNKNOWN;
    }

    boolean isAwaitingCompensation() {
        return status == StepStatus.COMPENSATING || status == StepStatus.COMPENSATION_FAILED;
    }

    /** Whether its action or compensation is under way. */
    boolean isOpen() {
        return status == StepStatus.SENT || status == StepStatus.COMPENSATING;
    }

    boolean isDue(Instant now) {
        return isOpen() && dueAt != null && !dueAt.isAfter(now);
    }

    /** Whether its action may have had an effect, as far as the instance knows. */
    boolean mayHaveEffect() {
        return status == StepStatus.SUCCEEDED || status == StepStatus.UNKNOWN;
    }
}
