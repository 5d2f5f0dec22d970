package io.amends.saga.engine;

import java.time.Instant;

/**
 * When a decision is made, and the chance that it may use; passed in, so that the same arguments always give the same
 * decision.
 *
 * @param now the time by the clock that all of an instance's times are of
 * @param chance an even draw from 0 (inclusive) to 1 (exclusive), for the waits between attempts
 */
public record Moment(Instant now, double chance) {}
