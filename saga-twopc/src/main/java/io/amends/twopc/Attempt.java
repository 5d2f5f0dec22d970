package io.amends.twopc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of the caller's work: gathers its branches, and has the protocol end them. For one thread. */
final class Attempt implements TwoPhaseTransaction, AutoCloseable {

    private final TransactionId id;
    private final Protocol protocol;
    private final Map<String, Participant> participants;
    private final TwoPhaseSettings settings;
    private final Deadline work;
    private final Map<String, Branch> branches = new LinkedHashMap<>();
    private boolean working = true;

    Attempt(TransactionId id, Protocol protocol, Map<String, Participant> participants, TwoPhaseSettings settings) {
        this.id = id;
        this.protocol = protocol;
        this.participants = participants;
        this.settings = settings;
        this.work = Deadline.in(settings.workTimeout());
    }

    @Override
    public TransactionId id() {
        return id;
    }

    @Override
    public <E extends Exception> void branch(String participant, BranchWork<E> call) throws E {
        this.<Boolean, E>query(participant, connection -> {
            call.on(connection);
            return true;
        });
    }

    @Override
    public <T extends @Nullable Object, E extends Exception> T query(String participant, BranchQuery<T, E> call)
            throws E {
        requireWorking();
        return jdbc(participant).work(call);
    }

    private JdbcBranch jdbc(String name) {
        if (branches.get(name) instanceof JdbcBranch begun) {
            return begun;
        }
        if (!(find(name) instanceof JdbcParticipant participant)) {
            throw new IllegalArgumentException(
                    "Participant %s is a remote one, which has no connection here; use remote(...)".formatted(name));
        }
        Duration left = work.left();
        try {
            JdbcBranch begun = participant.begin(left, left.plus(settings.prepareTimeout()));
            branches.put(name, begun);
            return begun;
        } catch (SQLException away) {
            throw new TransactionAbortedException(id, Phase.WORK, name, "the branch could not begin: " + away, away);
        }
    }

    @Override
    public void remote(String name, RemoteWork call) {
        requireWorking();
        if (!(find(name) instanceof RemoteParticipant participant)) {
            throw new IllegalArgumentException(
                    "Participant %s is a database of this process; use branch(...)".formatted(name));
        }
        if (branches.putIfAbsent(name, new RemoteBranch(participant, call)) != null) {
            throw new IllegalStateException(
                    "Remote participant %s has work in this transaction already; put all of it into one body"
                            .formatted(name));
        }
    }

    private Participant find(String name) {
        Participant participant = participants.get(name);
        if (participant == null) {
            throw new IllegalArgumentException(
                    "There is no participant %s; there are %s".formatted(name, participants.keySet()));
        }
        return participant;
    }

    private void requireWorking() {
        if (!working) {
            throw new IllegalStateException(
                    "The work of transaction %s has returned; it takes no more branches".formatted(id));
        }
    }

    /**
     * The work is done: ends all branches.
     *
     * @throws TransactionInDoubtException if nobody can tell whether it commits
     */
    Finish finish() {
        working = false;
        if (work.isOver()) {
            return new Finish.Aborted(
                    Phase.WORK, null, "its work took longer than work-timeout, " + settings.workTimeout(), null, false);
        }
        List<Branch> all = new ArrayList<>(branches.values());
        if (all.size() > 1 && all.stream().allMatch(Branch::isExpectedToWrite)) {
            // What is asked first costs a round trip each; one that did not write after all is prepared in vain.
            return protocol.twoPhases(id, all);
        }
        Optional<Finish> refused = protocol.ask(all);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<Branch> writers = all.stream().filter(Branch::mayHaveWritten).toList();
        if (writers.size() == 1 && writers.get(0).canCommitAlone()) {
            return protocol.onePhase(id, all, writers.get(0));
        }
        return protocol.twoPhases(id, all);
    }

    /** Rolls back what has not ended, except what is prepared, and gives the connections back. */
    @Override
    public void close() {
        working = false;
        branches.values().forEach(branch -> branch.release(settings.prepareTimeout()));
    }
}
