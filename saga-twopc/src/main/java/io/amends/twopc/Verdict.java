package io.amends.twopc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What follows from the votes. */
sealed interface Verdict {

    /** All can commit, and these were prepared. */
    record Commit(List<Decision.Branch> prepared) implements Verdict {}

    /** Nobody wrote, and all has ended. */
    record Nothing() implements Verdict {}

    /**
     * It does not commit.
     *
     * @param branch which one is the cause
     * @param reason why, in words
     * @param cause what was thrown, if anything was
     * @param again whether it may succeed if it runs again
     */
    record Abort(String branch, String reason, @Nullable Throwable cause, boolean again) implements Verdict {}

    /** One that refused tells more than one that did not answer. */
    static Verdict of(Map<String, Vote> votes) {
        List<Decision.Branch> prepared = new ArrayList<>();
        Abort refusal = null;
        Abort silence = null;
        for (Map.Entry<String, Vote> each : votes.entrySet()) {
            Vote vote = each.getValue();
            if (vote instanceof Vote.Prepared yes) {
                prepared.add(new Decision.Branch(each.getKey(), yes.xid()));
            } else if (vote instanceof Vote.Refused no && refusal == null) {
                refusal = new Abort(each.getKey(), no.reason(), no.cause(), no.again());
            } else if (vote instanceof Vote.Unknown lost && silence == null) {
                silence = new Abort(each.getKey(), lost.reason(), lost.cause(), false);
            }
        }
        if (refusal != null) {
            return refusal;
        }
        if (silence != null) {
            return silence;
        }
        return prepared.isEmpty() ? new Nothing() : new Commit(prepared);
    }
}
