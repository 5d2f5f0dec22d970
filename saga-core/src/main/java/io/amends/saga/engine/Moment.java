package io.amends.saga.engine;

import java.time.Instant;
import java.util.function.Predicate;

/**
 * When a decision is made, the chance that it may use, and who can't be asked; passed in, so that the same arguments
 * always give the same decision.
 *
 * @param now the time by the clock that all of an instance's times are of
 * @param chance an even draw from 0 (inclusive) to 1 (exclusive), for the waits between attempts
 * @param isHeld whether actions for that participant wait at the moment; compensations never do
 */
public record Moment(Instant now, double chance, Predicate<String> isHeld) {

    /** A moment at which every participant may be asked. */
    public Moment(Instant now, double chance) {
        this(now, chance, participant -> false);
    }
}
