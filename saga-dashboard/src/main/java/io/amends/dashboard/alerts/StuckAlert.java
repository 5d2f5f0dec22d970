package io.amends.dashboard.alerts;

import java.util.UUID;

/** That a saga got stuck or recovered. Immutable. */
public sealed interface StuckAlert extends Alert permits SagaGotStuck, SagaRecovered {

    /** The saga. */
    UUID sagaId();

    /** The definition's name. */
    String saga();

    /** The definition's version. */
    int version();

    /** The business key. */
    String key();
}
