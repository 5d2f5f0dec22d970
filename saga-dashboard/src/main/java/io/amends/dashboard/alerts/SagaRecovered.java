package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.UUID;

/**
 * A saga is stuck no longer.
 *
 * @param id grows with each alert of a database; the same however often it is told
 * @param sagaId the saga
 * @param saga the definition's name
 * @param version the definition's version
 * @param key the business key
 * @param reason why it was stuck
 * @param since since when it was
 * @param became what it is now: the name of its phase, {@code PAUSED} if an operator holds it, {@code REMOVED} if it is not
 *     here any more
 * @param noticedAt when it was noticed, by the database's clock
 */
public record SagaRecovered(
        long id,
        UUID sagaId,
        String saga,
        int version,
        String key,
        StuckReason reason,
        Instant since,
        String became,
        Instant noticedAt)
        implements StuckAlert {}
