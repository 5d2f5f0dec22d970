package io.amends.benchmarks;

/**
 * What PostgreSQL spent on a statement in a window.
 *
 * @param text how it begins
 * @param calls how often it was executed
 * @param planMillis how long planning it took together
 * @param millis how long the executions took together
 * @param walBytes what it logged
 */
record StatementTime(String text, long calls, double planMillis, double millis, long walBytes) {}
