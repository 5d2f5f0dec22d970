package io.amends.spring.boot.autoconfigure.observability;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;

/** A saga is started. Used by one thread. */
public final class SagaStartContext extends Observation.Context {

    private final String saga;
    private final int version;
    private String outcome = KeyValue.NONE_VALUE;

    SagaStartContext(String saga, int version) {
        this.saga = saga;
        this.version = version;
    }

    /** The definition's name. */
    public String saga() {
        return saga;
    }

    /** The definition's version. */
    public int version() {
        return version;
    }

    /** What came of it; {@code none} until then. */
    public String outcome() {
        return outcome;
    }

    void came(String word) {
        outcome = word;
    }
}
