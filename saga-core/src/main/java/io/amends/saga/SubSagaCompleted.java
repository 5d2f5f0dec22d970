package io.amends.saga;

import java.util.UUID;

/**
 * The child completed, or was resolved by hand as completed.
 *
 * @param saga the child's name
 * @param key its business key
 * @param sagaId its id
 */
public record SubSagaCompleted(String saga, String key, UUID sagaId) implements SubSagaReply, Success {}
