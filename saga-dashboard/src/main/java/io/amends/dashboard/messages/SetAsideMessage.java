package io.amends.dashboard.messages;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that nobody could take, without its payload.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset
 * @param reason {@link StuckReason#LATE_MESSAGE} or {@link StuckReason#QUARANTINED_MESSAGE}
 * @param code what is wrong with it, as a stable code such as {@code MALFORMED_PAYLOAD}
 * @param text the same in words
 * @param since since when it lies here
 * @param sagaId the saga that its key names, null if it names none; the saga may be elsewhere
 */
public record SetAsideMessage(
        String topic,
        int partition,
        long offset,
        StuckReason reason,
        String code,
        String text,
        Instant since,
        @Nullable UUID sagaId) {}
