package io.amends.saga.engine;

import java.util.EnumSet;
import java.util.Set;

/**
 * One decision may lead from there to here.
 *
 * @param from where an instance or step stood before the decision
 * @param to where it stands after it, never the same
 * @param triggers the kinds of event that may cause it
 */
public record Transition<S extends Enum<S>>(S from, S to, Set<Trigger> triggers) {

    public Transition {
        triggers = Set.copyOf(triggers);
    }

    static <S extends Enum<S>> Transition<S> of(S from, S to, Trigger first, Trigger... others) {
        return new Transition<>(from, to, EnumSet.of(first, others));
    }
}
