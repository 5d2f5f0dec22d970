package io.amends.outbox.relay;

/**
 * What a relay has done since it was made.
 *
 * @param published acknowledged records, repeats included
 * @param parked records that were parked
 * @param failedChunks chunks of which a record was not acknowledged
 * @param fenced how often another owner was found on the lane
 */
public record RelayStats(long published, long parked, long failedChunks, long fenced) {}
