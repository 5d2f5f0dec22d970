package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;

/**
 * A branch of a two-phase commit that was in doubt is prepared no longer.
 *
 * @param id grows with each alert of a database; the same however often it is told
 * @param participant whose branch it is
 * @param gid its name in the participant's database
 * @param since when it was prepared, by the participant's clock
 * @param noticedAt when that was noticed, by the database's clock
 */
public record BranchEnded(long id, String participant, String gid, Instant since, Instant noticedAt) implements Alert {

    /** {@link StuckReason#IN_DOUBT_2PC}. */
    @Override
    public StuckReason reason() {
        return StuckReason.IN_DOUBT_2PC;
    }
}
