package io.amends.dashboard.live;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a look saw.
 *
 * @param counts how many sagas are stuck
 * @param revisions the revisions of sagas that somebody watches
 */
record Seen(Counts counts, Map<UUID, Long> revisions) {

    Seen {
        revisions = Map.copyOf(revisions);
    }

    /**
     * How many sagas are stuck.
     *
     * @param total how many
     * @param isAll whether they are all; if not, there are at least so many
     * @param byReason how many for each reason, by its code
     */
    record Counts(long total, boolean isAll, Map<String, Long> byReason) {

        Counts {
            byReason = new TreeMap<>(byReason);
        }
    }
}
