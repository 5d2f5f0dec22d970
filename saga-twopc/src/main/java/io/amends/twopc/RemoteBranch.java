package io.amends.twopc;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A part that a remote participant does, when it is asked for its vote. */
final class RemoteBranch implements Branch {

    private final RemoteParticipant participant;
    private final RemoteWork work;

    RemoteBranch(RemoteParticipant participant, RemoteWork work) {
        this.participant = participant;
        this.work = work;
    }

    @Override
    public String name() {
        return participant.name();
    }

    @Override
    public boolean isExpectedToWrite() {
        return true;
    }

    @Override
    public Optional<Vote.Refused> ask(Duration limit) {
        return Optional.empty();
    }

    @Override
    public boolean mayHaveWritten() {
        return true;
    }

    @Override
    public boolean canCommitAlone() {
        return false;
    }

    @Override
    public Vote vote(Gid gid, Duration limit) {
        try {
            return participant.prepare(gid, work, limit);
        } catch (RuntimeException unexpected) {
            return new Vote.Unknown("the call threw " + unexpected, unexpected);
        }
    }

    @Override
    public Alone commitAlone(Duration limit) {
        throw new IllegalStateException("A remote branch commits in two phases");
    }

    @Override
    public BranchState commit(Gid gid, @Nullable String xid, Duration limit) {
        return participant.commit(gid, xid, limit);
    }

    @Override
    public BranchState rollback(Gid gid, @Nullable String xid, Duration limit) {
        return participant.rollback(gid, xid, limit);
    }

    @Override
    public void release(Duration limit) {
        // holds nothing here
    }
}
