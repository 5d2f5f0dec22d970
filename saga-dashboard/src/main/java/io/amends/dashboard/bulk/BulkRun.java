package io.amends.dashboard.bulk;

import io.amends.dashboard.verbs.ConsoleVerb;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as it stands.
 *
 * @param id its id
 * @param verb what is ordered
 * @param filter of which sagas, as text
 * @param askedBy who planned it
 * @param approvedBy who started it, if that was somebody else; null otherwise
 * @param reason why
 * @param state where it stands
 * @param stateReason why it was paused, cancelled or stopped; null otherwise
 * @param ramp how many are done by the end of each stage
 * @param stage how many stages are over
 * @param items how many sagas it has, 0 before its start
 * @param counts how many of them stand where; states that none has are left out
 * @param owner the process that carries it out, null for none
 * @param createdAt when it was planned
 * @param startedAt when it was started, null if it was not
 * @param endedAt when it ended, null if it did not
 */
public record BulkRun(
        UUID id,
        ConsoleVerb verb,
        String filter,
        String askedBy,
        @Nullable String approvedBy,
        String reason,
        BulkState state,
        @Nullable String stateReason,
        List<Integer> ramp,
        int stage,
        int items,
        Map<ItemState, Long> counts,
        @Nullable String owner,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    public BulkRun {
        ramp = List.copyOf(ramp);
        counts = Map.copyOf(counts);
    }
}
