package io.amends.saga;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The child was compensated: it left nothing behind. As the reply to a compensation: the saga that was to undo the child
 * was compensated itself, so that the child is not undone.
 *
 * @param saga the name of the saga that was compensated
 * @param key its business key
 * @param sagaId its id
 * @param reason why, in words; null if it gave none
 */
public record SubSagaCompensated(
        String saga, String key, UUID sagaId, @Nullable String reason) implements SubSagaReply, Rejection {}
