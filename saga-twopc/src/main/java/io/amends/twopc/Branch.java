package io.amends.twopc;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's part at one participant, from its work to its end. Used by one thread at a time. No call but those of
 * the second phase throws; no call waits for one answer longer than its limit.
 */
sealed interface Branch permits JdbcBranch, RemoteBranch {

    /** The participant's name. */
    String name();

    /** Whether asking it is likely to be in vain: others like it have written. */
    boolean isExpectedToWrite();

    /** Finds out whether it wrote anything; its refusal if it can't commit at all. */
    Optional<Vote.Refused> ask(Duration limit);

    /** Whether it may have written anything; known once it was asked, and assumed before. */
    boolean mayHaveWritten();

    /** Whether it can commit in one phase if it is the only one that wrote. */
    boolean canCommitAlone();

    /** Prepares it if it may have written, else ends it. */
    Vote vote(Gid gid, Duration limit);

    /** Commits it in one phase; if the answer is lost, finds out what became of it, which may take as long again. */
    Alone commitAlone(Duration limit);

    /** Commits it once it is prepared; as {@link Participant#commit}. */
    BranchState commit(Gid gid, @Nullable String xid, Duration limit);

    /** Rolls it back once it is prepared; as {@link Participant#rollback}. */
    BranchState rollback(Gid gid, @Nullable String xid, Duration limit);

    /** Rolls back what is neither ended nor prepared, and lets go of what it holds. */
    void release(Duration limit);

    /**
     * How a commit in one phase ended.
     *
     * @param state COMMITTED, ROLLED_BACK, or UNKNOWN if nobody could tell in time
     * @param reason why it did not commit, in words
     * @param cause what was thrown, if anything was
     */
    record Alone(BranchState state, String reason, @Nullable Exception cause) {}
}
