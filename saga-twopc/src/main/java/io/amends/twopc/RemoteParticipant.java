package io.amends.twopc;

import java.time.Duration;

/**
 * A participant that does its work elsewhere: it gets a body, and works and prepares in one call.
 *
 * <p>{@link #rollback} must win over a {@link #prepare} of the same gid that arrives after it, for the coordinator does not
 * wait for a lost call. {@link #prepare} is called once for a gid, but the network may repeat it.
 */
public non-sealed interface RemoteParticipant extends Participant {

    /**
     * Works and prepares.
     *
     * @param gid the name under which it prepares
     * @param work what it is to do
     * @param limit how long it may take
     * @return its vote; {@link Vote.Refused} only if certainly nothing is prepared and nothing will be, else
     *     {@link Vote.Unknown}. Throws nothing
     */
    Vote prepare(Gid gid, RemoteWork work, Duration limit);
}
