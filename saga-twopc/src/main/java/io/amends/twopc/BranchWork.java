package io.amends.twopc;

import java.sql.Connection;

/**
 * Work on one participant's database.
 *
 * @param <E> what it throws
 */
@FunctionalInterface
public interface BranchWork<E extends Exception> {

    /**
     * Works. The connection is inside a transaction; commit, rollback and autocommit are refused, and close does nothing:
     * all that is the coordinator's business. It must not be used after the work has returned.
     */
    void on(Connection connection) throws E;
}
