package io.amends.outbox.operations;

import java.time.Duration;
import java.time.Instant;

/**
 * A relay process that is alive.
 *
 * @param owner its name
 * @param since when it was first heard of
 * @param aliveFor how long it is taken to be alive without another sign
 */
public record RelayState(String owner, Instant since, Duration aliveFor) {}
