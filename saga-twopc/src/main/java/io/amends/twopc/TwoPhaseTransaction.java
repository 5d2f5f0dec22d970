package io.amends.twopc;

import org.jspecify.annotations.Nullable;

/** A transaction over several participants while the caller works. For the caller's thread alone, until its work returns. */
public interface TwoPhaseTransaction {

    /** Its name. */
    TransactionId id();

    /**
     * Works on a participant's database, now, on a connection that is in a transaction. The same participant again: the
     * same connection and transaction. During the work, Spring's JdbcTemplate and {@code @Transactional} on the
     * participant's data source use it too.
     *
     * @param participant a {@link JdbcParticipant}'s name
     * @param work the work
     * @throws TransactionAbortedException if the participant's database can't be reached
     * @throws IllegalArgumentException if no database has that name
     * @throws E what the work throws
     */
    <E extends Exception> void branch(String participant, BranchWork<E> work) throws E;

    /** As {@link #branch}, with a result. */
    <T extends @Nullable Object, E extends Exception> T query(String participant, BranchQuery<T, E> work) throws E;

    /**
     * Has a remote participant work, not now but when all work of the caller is done: work and prepare are one call, and
     * several remote participants work at the same time. Once for each participant.
     *
     * @param participant a {@link RemoteParticipant}'s name
     * @param work what it is to do
     * @throws IllegalArgumentException if no remote participant has that name
     * @throws IllegalStateException if that participant has been given work already
     */
    void remote(String participant, RemoteWork work);
}
