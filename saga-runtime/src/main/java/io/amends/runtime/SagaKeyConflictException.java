package io.amends.runtime;

import io.amends.saga.SagaKey;

/** A business key was used again with different data. Nothing was started or changed. */
public final class SagaKeyConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** For the given saga and key. */
    public SagaKeyConflictException(String sagaName, SagaKey key) {
        super("Saga '%s' was already started with key '%s' and different data. Use a new key, or send the same data."
                .formatted(sagaName, key.value()));
    }
}
