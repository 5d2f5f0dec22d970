package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;

/**
 * That something got stuck, or is not stuck any longer: a saga, a message that was set aside, or a branch of a two-phase
 * commit. The application hears it as an event in the process that noticed it, after the commit: a process that dies right
 * then does not tell it. The table {@code saga_console_alert} has one row for each, whatever happens. Immutable.
 */
public sealed interface Alert permits StuckAlert, MessageSetAside, MessageRemoved, BranchInDoubt, BranchEnded {

    /** Grows with each alert of a database; the same however often it is told. */
    long id();

    /** Why it is, or was, stuck. */
    StuckReason reason();

    /** Since when it is, or was, stuck, by the database's clock. */
    Instant since();

    /** When it was noticed, by the database's clock. */
    Instant noticedAt();
}
