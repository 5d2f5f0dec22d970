package io.amends.outbox.relay;

import org.jspecify.annotations.Nullable;

/**
 * How far a lane has come, in snapshots as PostgreSQL writes them: all that was visible in the first is done, and of what
 * became visible until the second, the rows up to a position.
 *
 * @param to what was visible in this snapshot is done
 * @param cut the end of the delta that is being walked through, null between two
 * @param position the last row of the delta that is done, 0 between two
 */
record Cursor(String to, @Nullable String cut, long position) implements Batch.Mark {

    /** Everything visible in that snapshot is done. */
    static Cursor at(String snapshot) {
        return new Cursor(snapshot, null, 0);
    }
}
