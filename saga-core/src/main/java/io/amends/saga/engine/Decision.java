package io.amends.saga.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine made of an event.
 *
 * @param state the new state; the old one unless the event was accepted
 * @param effects what to do, in order; empty unless the event was accepted
 * @param disposition what became of the event
 * @param trouble why an event was not accepted, where there is more to say: what the saga's own code threw, or what stands in
 *     the way of another version; null otherwise
 */
public record Decision(
        SagaState state,
        List<SagaEffect> effects,
        Disposition disposition,
        @Nullable String trouble) {

    public Decision {
        effects = List.copyOf(effects);
    }

    static Decision accepted(SagaState state) {
        return new Decision(state, List.of(), Disposition.ACCEPTED, null);
    }

    static Decision unchanged(SagaState state, Disposition disposition) {
        return new Decision(state, List.of(), disposition, null);
    }
}
