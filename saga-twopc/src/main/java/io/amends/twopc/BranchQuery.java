package io.amends.twopc;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Work on one participant's database that has a result.
 *
 * @param <T> the result
 * @param <E> what it throws
 */
@FunctionalInterface
public interface BranchQuery<T extends @Nullable Object, E extends Exception> {

    /** Works; see {@link BranchWork#on}. */
    T on(Connection connection) throws E;
}
