package io.amends.twopc;

import java.sql.Connection;

/**
 * What a service does in the branch that a coordinator elsewhere asks for. Called by many threads at once. It may be called again
 * for the same branch, after all writes of the call before were undone.
 */
@FunctionalInterface
public interface TwoPhaseWork {

    /**
     * Works, as {@link BranchWork#on} says. Spring's JdbcTemplate and {@code @Transactional} on the endpoint's data source use
     * the same connection. Whatever is written elsewhere is not part of the transaction. {@code LISTEN}, {@code NOTIFY} and
     * temporary tables are not possible: PostgreSQL can't prepare a transaction that has used them.
     *
     * @param connection in the transaction that is prepared next
     * @param work what the coordinator sent
     * @throws BranchRefusedException if the answer is a business "no"; the coordinator is told the reason
     * @throws Exception any other: the transaction as a whole comes to nothing. After a deadlock or a serialisation conflict it
     *     is tried again
     */
    void run(Connection connection, RemoteWork work) throws Exception;
}
