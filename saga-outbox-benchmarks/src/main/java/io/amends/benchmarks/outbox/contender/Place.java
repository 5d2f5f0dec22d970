package io.amends.benchmarks.outbox.contender;

/**
 * Where a contender works: a database and a topic that nobody else has.
 *
 * @param jdbcUrl the database, empty at first
 * @param user who may do everything in it
 * @param password of that user
 * @param bootstrapServers the broker
 * @param topic where records go
 */
public record Place(String jdbcUrl, String user, String password, String bootstrapServers, String topic) {}
