package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.language.Sentence;

/**
 * What came of an order at once.
 *
 * @param actionId the line of the audit, which {@link Outcomes} tells more of later
 * @param state accepted, refused, or what came of it where that is known already
 * @param result {@code DONE}, or why it was refused; stable names
 * @param said the same for people; {@link Sentence#NONE} if there is nothing to explain. Of what was carried out before it is told as
 *     the audit has it, in English
 * @param repeated whether it was ordered before under the same idempotency key, and not carried out again now
 */
public record ActionTaken(long actionId, ActionState state, String result, Sentence said, boolean repeated) {

    /** What is said, in English; empty if there is nothing to explain. */
    public String explanation() {
        return said.english();
    }

    /** Whether it was carried out, now or before. */
    public boolean isDone() {
        return state != ActionState.REFUSED;
    }
}
