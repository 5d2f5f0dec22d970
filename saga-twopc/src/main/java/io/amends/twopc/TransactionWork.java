package io.amends.twopc;

import org.jspecify.annotations.Nullable;

/**
 * A caller's work. It may run several times, each time in a new transaction: what it changes elsewhere than in its branches
 * is not undone.
 *
 * @param <T> the result
 * @param <E> what it throws
 */
@FunctionalInterface
public interface TransactionWork<T extends @Nullable Object, E extends Exception> {

    /** Works in that transaction. */
    T in(TwoPhaseTransaction transaction) throws E;
}
