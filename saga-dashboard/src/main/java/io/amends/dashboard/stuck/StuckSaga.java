package io.amends.dashboard.stuck;

import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stuck saga, as it stood when it was read.
 *
 * @param sagaId its id
 * @param name the definition's name
 * @param version the definition's version
 * @param key the business key
 * @param phase where it stands
 * @param reason why it is stuck
 * @param since since when, by the database's clock
 * @param step the step that it is stuck at, null if none has begun
 * @param participant who was asked last in that step, or whose turn it waits for; null if nobody was
 * @param attempts how often that step's open command was sent, 0 if there is no step
 * @param text what the saga or the step's last attempt says of it, null if nothing
 * @param revision what an order names that acts on what was seen
 */
public record StuckSaga(
        UUID sagaId,
        String name,
        int version,
        String key,
        SagaPhase phase,
        StuckReason reason,
        Instant since,
        @Nullable String step,
        @Nullable String participant,
        int attempts,
        @Nullable String text,
        long revision) {}
