package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.ActionState;

/**
 * What came of an order at once.
 *
 * @param actionId the line of the audit, which {@link Outcomes} tells more of later
 * @param state accepted, refused, or what came of it where that is known already
 * @param result {@code DONE}, or why it was refused; stable names
 * @param explanation the same for people; empty if there is nothing to explain
 * @param repeated whether it was ordered before under the same idempotency key, and not carried out again now
 */
public record ActionTaken(long actionId, ActionState state, String result, String explanation, boolean repeated) {

    /** Whether it was carried out, now or before. */
    public boolean isDone() {
        return state != ActionState.REFUSED;
    }
}
