package io.amends.outbox.failure;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Predicate;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * Tells trouble with the database, which passes, from trouble with one message, which does not. What the server says in
 * its SQLSTATE counts more than the class that Spring made of it: a row that is too long for an index, a statement that
 * ran into its timeout and a savepoint in an aborted transaction look like lost connections there, and would be repeated
 * for ever.
 */
public final class Infrastructure {

    private static final int MAX_DEPTH = 50;

    private Infrastructure() {}

    /** Whether repeating the whole batch is right: the database is away, or the transaction lost a race. */
    public static boolean isAway(Throwable thrown) {
        if (lostRace(thrown) || anyCause(thrown, Infrastructure::isLostConnection)) {
            return true;
        }
        return anyCause(thrown, Infrastructure::looksAway) && !anyCause(thrown, Infrastructure::hasState);
    }

    /** Whether the transaction was the loser of a deadlock or a serialisation conflict: run again, it may win. */
    public static boolean lostRace(Throwable thrown) {
        return anyCause(thrown, cause -> cause instanceof ConcurrencyFailureException || isLostRace(cause));
    }

    /** Whether a lock was not free in time, or not at once where that was asked for: one of the lost races. */
    public static boolean lockNotFree(Throwable thrown) {
        return anyCause(thrown, Infrastructure::isLockNotFree);
    }

    /** Rethrows what {@link #isAway} recognises, so that a wider handler repeats the batch. */
    public static void rethrowIfAway(Throwable thrown) {
        if (thrown instanceof RuntimeException trouble && isAway(trouble)) {
            throw trouble;
        }
    }

    /** Likewise, but not a lost race: for those who run the loser again themselves, so that nobody waits behind it. */
    public static void rethrowIfUnreachable(Throwable thrown) {
        if (!lostRace(thrown)) {
            rethrowIfAway(thrown);
        }
    }

    private static boolean anyCause(Throwable thrown, Predicate<Throwable> which) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < MAX_DEPTH; cause = cause.getCause(), depth++) {
            if (which.test(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Class 08 is a connection that broke, 57P a server that goes down, 53 one without resources, 58 one without disk. */
    private static boolean isLostConnection(Throwable cause) {
        return cause instanceof SQLTransientConnectionException
                || cause instanceof SQLRecoverableException
                || stateStarts(cause, "08")
                || stateStarts(cause, "57P")
                || stateStarts(cause, "53")
                || stateStarts(cause, "58");
    }

    /** Class 40 is a transaction that the server rolled back for another one's sake, 55P03 a lock that was not free. */
    private static boolean isLostRace(Throwable cause) {
        return stateStarts(cause, "40") || isLockNotFree(cause);
    }

    private static boolean isLockNotFree(Throwable cause) {
        return stateStarts(cause, "55P03");
    }

    private static boolean looksAway(Throwable cause) {
        return cause instanceof TransientDataAccessException
                || cause instanceof RecoverableDataAccessException
                || cause instanceof DataAccessResourceFailureException
                || cause instanceof CannotCreateTransactionException
                || cause instanceof TransactionSystemException;
    }

    private static boolean hasState(Throwable cause) {
        return stateStarts(cause, "");
    }

    private static boolean stateStarts(Throwable cause, String start) {
        return cause instanceof SQLException sql
                && sql.getSQLState() != null
                && sql.getSQLState().startsWith(start);
    }
}
