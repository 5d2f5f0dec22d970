package io.amends.dashboard.search;

import io.amends.dashboard.stuck.StuckReason;
import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A saga that a filter is for.
 *
 * @param sagaId its id
 * @param name the definition's name
 * @param version the definition's version
 * @param key the business key
 * @param phase where it stands
 * @param reason why it is stuck; null if it is not, or was not asked for
 * @param text why it is stuck or turned back, in its own words; null if it did neither
 * @param createdAt when it was started
 * @param updatedAt when it last changed
 * @param revision what an order names that acts on what was seen
 */
public record FoundSaga(
        UUID sagaId,
        String name,
        int version,
        String key,
        SagaPhase phase,
        @Nullable StuckReason reason,
        @Nullable String text,
        Instant createdAt,
        Instant updatedAt,
        long revision) {}
