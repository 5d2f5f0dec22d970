package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a two-phase commit is prepared for longer than recovery takes to end it; it keeps its locks.
 *
 * @param id grows with each alert of a database; the same however often it is told
 * @param participant whose branch it is
 * @param gid its name in the participant's database
 * @param decision {@code COMMIT} or {@code ABORT}; null if nothing is decided, or the log can't be read
 * @param since when it was prepared, by the participant's clock
 * @param noticedAt when it was noticed, by the database's clock
 */
public record BranchInDoubt(
        long id, String participant, String gid, @Nullable String decision, Instant since, Instant noticedAt)
        implements Alert {

    /** {@link StuckReason#IN_DOUBT_2PC}. */
    @Override
    public StuckReason reason() {
        return StuckReason.IN_DOUBT_2PC;
    }
}
