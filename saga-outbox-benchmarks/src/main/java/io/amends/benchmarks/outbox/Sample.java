package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Kind;

/**
 * One figure of one contender in one round.
 *
 * @param kind whose it is
 * @param figure what it is
 * @param round from 1
 * @param value in the figure's unit
 */
record Sample(Kind kind, Figure figure, int round, double value) {}
