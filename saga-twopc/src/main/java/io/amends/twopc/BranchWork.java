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
     * Works. The connection is inside a transaction; commit, rollback, setAutoCommit and close are not the work's business
     * and are refused. It must not be used after the work has returned.
     */
    void on(Connection connection) throws E;
}
