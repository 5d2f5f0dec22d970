package io.amends.outbox.inbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that a consumer could not handle, first of its key.
 *
 * @param id its number among all that is set aside
 * @param consumer who could not handle it
 * @param messageId its message id, null if the record brought none
 * @param key its Kafka key, null if it has none
 * @param reason what the last attempt threw
 * @param attempts how many attempts failed
 * @param parkedAt since when it is set aside
 * @param nextAttemptAt when it is tried again; null if it is parked, for an operator to decide
 * @param waiting how many later messages of its key wait behind it; counted up to 10,000
 */
public record ParkedMessage(
        long id,
        String consumer,
        String topic,
        int partition,
        long offset,
        @Nullable UUID messageId,
        byte @Nullable [] key,
        String reason,
        int attempts,
        Instant parkedAt,
        @Nullable Instant nextAttemptAt,
        long waiting) {}
