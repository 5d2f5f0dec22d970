package io.amends.dashboard.versions;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version of a definition.
 *
 * @param sagaName the definition's name
 * @param version the version
 * @param isNewest whether it is the newest that any process had, which new sagas start with
 * @param running how many of its sagas go forward
 * @param compensating how many compensate
 * @param stuck how many are in phase {@code STUCK}
 * @param oldest when the oldest of those was started, null if there is none
 * @param isCounted whether the numbers are of all; if not, there may be more
 * @param firstSeen when a process had it first
 * @param nodes the living processes that have it
 */
public record VersionLine(
        String sagaName,
        int version,
        boolean isNewest,
        long running,
        long compensating,
        long stuck,
        @Nullable Instant oldest,
        boolean isCounted,
        Instant firstSeen,
        List<String> nodes) {

    public VersionLine {
        nodes = List.copyOf(nodes);
    }

    /** How many have not ended. */
    public long unfinished() {
        return running + compensating + stuck;
    }

    /** Whether nothing needs the version's code any more: a newer one is there, and its last saga has ended. */
    public boolean isSafeToRemove() {
        return !isNewest && isCounted && unfinished() == 0;
    }
}
