package io.amends.dashboard.failures;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stuck sagas of one definition that are stuck at the same step, for the same reason, with the same text but for ids and
 * numbers, and, where code threw, at the same place in it.
 *
 * @param id a stable name of the group, for links and filters
 * @param sagaName the definition's name
 * @param step the step, null if none has begun
 * @param reason why they are stuck
 * @param shape what their texts have in common; empty if there is none
 * @param number how many there are
 * @param lastHour how many of them got stuck within the last hour
 * @param hours how many of them got stuck in each of the last twelve hours, the latest hour last
 * @param first since when the first of them is stuck
 * @param last since when the last of them is stuck
 * @param versions the definition's versions that are among them, ascending
 * @param example the id of the one that is stuck longest
 * @param frames where in the code that one's exception came from, the innermost first; empty if that is not known. The lines' numbers
 *     may be others in others of the group
 */
public record FailureGroup(
        String id,
        String sagaName,
        @Nullable String step,
        StuckReason reason,
        String shape,
        long number,
        long lastHour,
        List<Long> hours,
        Instant first,
        Instant last,
        List<Integer> versions,
        UUID example,
        List<String> frames) {

    public FailureGroup {
        hours = List.copyOf(hours);
        versions = List.copyOf(versions);
        frames = List.copyOf(frames);
    }
}
