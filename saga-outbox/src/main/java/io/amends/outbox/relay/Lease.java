package io.amends.outbox.relay;

/**
 * The right to publish a lane, as the database knows it.
 *
 * @param lane the lane
 * @param owner who has it
 * @param epoch which time of having it this is; grows with every change of owner
 */
public record Lease(int lane, String owner, long epoch) {}
