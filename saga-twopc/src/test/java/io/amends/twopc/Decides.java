package io.amends.twopc;

import java.util.Map;

/** What the coordinator makes of votes, for tests in other packages. */
public final class Decides {

    private Decides() {}

    /** Whether a transaction with these votes commits. */
    public static boolean commit(Map<String, Vote> votes) {
        return Verdict.of(votes) instanceof Verdict.Commit;
    }
}
