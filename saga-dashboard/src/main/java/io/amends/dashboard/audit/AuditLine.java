package io.amends.dashboard.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line as it was written; also the event that the application hears after the commit. Of the entry's change it has the
 * revisions and phases only.
 *
 * @param id grows with each line
 * @param at when, by the database's clock
 * @param entry what was written
 * @param state what came of it; {@link ActionState#ACCEPTED} as long as that was not settled
 * @param settledAt when that was settled, null if it was not, or if there was nothing to settle
 */
public record AuditLine(
        long id,
        Instant at,
        AuditEntry entry,
        ActionState state,
        @Nullable Instant settledAt) {}
