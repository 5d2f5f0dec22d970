package io.amends.saga;

import java.util.UUID;

/**
 * The reply to a compensation: the child was compensated, or the saga that undoes it completed.
 *
 * @param saga the name of the saga whose end this is
 * @param key its business key
 * @param sagaId its id
 */
public record SubSagaUndone(String saga, String key, UUID sagaId) implements SubSagaReply, Success {}
