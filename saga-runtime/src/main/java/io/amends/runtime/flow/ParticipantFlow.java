package io.amends.runtime.flow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a participant is dealt with, as it stood when it was read; times are of the database's clock.
 *
 * @param participant its name
 * @param state what it is taken for
 * @param failures missing replies and technical errors since its last answer
 * @param since since when it is in that state
 * @param until while open, when it is probed next; while half open, by when an answer is awaited; else null
 * @param heldBy the operator who holds it, null if nobody does
 * @param heldReason the operator's reason, null if nobody holds it
 * @param heldAt since when the operator holds it, null if nobody does
 * @param waitingSteps how many steps wait for it
 * @param waitingSince since when the first of them waits, null if none does
 */
public record ParticipantFlow(
        String participant,
        State state,
        int failures,
        Instant since,
        @Nullable Instant until,
        @Nullable String heldBy,
        @Nullable String heldReason,
        @Nullable Instant heldAt,
        long waitingSteps,
        @Nullable Instant waitingSince) {

    /** What a participant is taken for. */
    public enum State {
        /** It works: commands are sent. */
        CLOSED,
        /** It is down: actions are held. */
        OPEN,
        /** Nobody knows: some actions were let through as probes, all others are held. */
        HALF_OPEN
    }
}
