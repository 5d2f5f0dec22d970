package io.amends.benchmarks;

/**
 * What PostgreSQL spent on a statement in a window.
 *
 * @param text how it begins
 * @param calls how often it was executed
 * @param millis how long that took together
 * @param walBytes what it logged
 */
record StatementTime(String text, long calls, double millis, long walBytes) {}
