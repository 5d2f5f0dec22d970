package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.UUID;

/**
 * That a saga got stuck or recovered. The application hears it as an event in the process that noticed it, after the commit: a
 * process that dies right then does not tell it. The table {@code saga_console_alert} has one row for each, whatever happens.
 */
public sealed interface StuckAlert permits SagaGotStuck, SagaRecovered {

    /** Grows with each alert of a database; the same however often it is told. */
    long id();

    /** The saga. */
    UUID sagaId();

    /** The definition's name. */
    String saga();

    /** The definition's version. */
    int version();

    /** The business key. */
    String key();

    /** Why it is, or was, stuck. */
    StuckReason reason();

    /** Since when it is, or was, stuck, by the database's clock. */
    Instant since();

    /** When it was noticed, by the database's clock. */
    Instant noticedAt();
}
