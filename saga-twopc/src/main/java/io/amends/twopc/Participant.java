package io.amends.twopc;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database, or a service with one, that takes part in transactions: what the coordinator's second phase and recovery ask
 * of it. Every call may come again, and at the same time from several processes. Every call ends within its limit. Safe for
 * use by many threads. The first phase is in {@link JdbcParticipant} and {@link RemoteParticipant}.
 */
public sealed interface Participant permits JdbcParticipant, RemoteParticipant {

    /** The name of its branches; part of their {@link Gid}. */
    String name();

    /**
     * Commits a prepared transaction. One that is not there was ended by somebody else, so the answer says how.
     *
     * @param gid its name
     * @param xid what {@link Vote.Prepared} said
     * @param limit how long it may take
     * @return COMMITTED now or before; ROLLED_BACK by somebody else (a heuristic outcome); UNSETTLED if somebody is ending it;
     *     UNKNOWN if it is not there and nobody knows
     * @throws ParticipantException if there was no answer; it may or may not have happened
     */
    BranchState commit(Gid gid, @Nullable String xid, Duration limit);

    /**
     * Rolls a prepared transaction back.
     *
     * @param gid its name
     * @param xid what {@link Vote.Prepared} said, null if there was no vote
     * @param limit how long it may take
     * @return ROLLED_BACK now or before, or it never was there; COMMITTED by somebody else (a heuristic outcome); UNSETTLED
     *     if somebody is ending it; UNKNOWN if it was prepared, is not there, and nobody knows
     * @throws ParticipantException if there was no answer; it may or may not have happened
     */
    BranchState rollback(Gid gid, @Nullable String xid, Duration limit);

    /**
     * The prepared transactions whose names begin so.
     *
     * @param prefix see {@link Gid#prefix}
     * @param limit how long it may take
     * @throws ParticipantException if there was no answer
     */
    List<PreparedBranch> listInDoubt(String prefix, Duration limit);

    /**
     * What became of branches, by the numbers that {@link Vote.Prepared} told.
     *
     * @param xids those numbers
     * @param limit how long it may take
     * @return one state for each number
     * @throws ParticipantException if there was no answer
     */
    Map<String, BranchState> states(Collection<String> xids, Duration limit);

    /**
     * What of it stands in the way of two-phase commit, each in words that say what to do. Asked at the start.
     *
     * @param prefix what the names of the prepared transactions will begin with
     * @param concurrency how many transactions will run at once
     * @param limit how long it may take
     * @throws ParticipantException if there was no answer
     */
    default List<String> problems(String prefix, int concurrency, Duration limit) {
        return List.of();
    }

    /** Where an operator finds it: a JDBC address without password, a URL. For messages. */
    String place();
}
