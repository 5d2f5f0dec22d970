package io.amends.twopc;

import java.time.Duration;

/**
 * A prepared transaction that a participant has.
 *
 * @param gid its name, as text: it may be anybody's
 * @param age how long ago it was prepared, by the participant's clock
 */
public record PreparedBranch(String gid, Duration age) {}
