package io.amends.dashboard.instance;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a saga that lies somewhere in this database and should not lie there for long; without its payload.
 *
 * @param where where it lies
 * @param topic its topic
 * @param partition its partition, null if it has none yet
 * @param offset its offset, null if it has none yet
 * @param type its logical type or step, null if it is not known
 * @param since since when it lies there, null if that is not known
 * @param position where it stands in the outbox, null if it is not there
 * @param reason why, in words; null if the place says it all
 */
public record WaitingMessage(
        Place where,
        String topic,
        @Nullable Integer partition,
        @Nullable Long offset,
        @Nullable String type,
        @Nullable Instant since,
        @Nullable Long position,
        @Nullable String reason) {

    /** Where messages lie. */
    public enum Place {
        /** In the outbox: Kafka refuses it, or one before it. */
        PARKED,
        /** It could not be read or understood. */
        QUARANTINED,
        /** A reply that waits for a process that has the saga's version. */
        WAITS_FOR_VERSION,
        /** A command whose handler threw, or that waits for a lock; it is delivered again. */
        REDELIVERED
    }
}
