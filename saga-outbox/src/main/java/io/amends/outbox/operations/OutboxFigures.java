package io.amends.outbox.operations;

import java.time.Duration;

/**
 * What to watch.
 *
 * @param oldest how long the oldest message has been waiting to be published, zero if none does; parked ones do not count
 * @param parkedKeys how many keys have parked records: behind a refused one, or released and not published yet
 */
public record OutboxFigures(Duration oldest, long parkedKeys) {}
