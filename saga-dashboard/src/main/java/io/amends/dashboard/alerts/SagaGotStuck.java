package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A saga got stuck, or is stuck for another reason than before.
 *
 * @param id grows with each alert of a database; the same however often it is told
 * @param sagaId the saga
 * @param saga the definition's name
 * @param version the definition's version
 * @param key the business key
 * @param step the step that it is stuck at, null if none has begun
 * @param participant who was asked last in that step, null if nobody was
 * @param reason why
 * @param previousReason why it was stuck before, null if it was not
 * @param since since when, by the database's clock
 * @param noticedAt when it was noticed, by the database's clock
 */
public record SagaGotStuck(
        long id,
        UUID sagaId,
        String saga,
        int version,
        String key,
        @Nullable String step,
        @Nullable String participant,
        StuckReason reason,
        @Nullable StuckReason previousReason,
        Instant since,
        Instant noticedAt)
        implements StuckAlert {}
