package io.amends.runtime;

import java.util.UUID;

/**
 * What {@link Sagas#start} came to.
 *
 * @param sagaId the instance
 * @param created false if the same key and body had started it before
 */
public record StartedSaga(UUID sagaId, boolean created) {}
