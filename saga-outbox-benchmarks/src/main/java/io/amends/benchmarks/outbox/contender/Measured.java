package io.amends.benchmarks.outbox.contender;

/**
 * The event of the libraries that take an object and make JSON of it.
 *
 * @param key the Kafka key
 * @param text the payload
 */
record Measured(String key, String text) {}
