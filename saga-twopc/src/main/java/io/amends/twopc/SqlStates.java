package io.amends.twopc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's error codes mean for a transaction that is to be ended. */
final class SqlStates {

    /** COMMIT PREPARED and ROLLBACK PREPARED: there is no such prepared transaction. */
    static final String NOT_THERE = "42704";

    /** The same: another session is ending it. */
    static final String BUSY = "55000";

    private static final int MAX_DEPTH = 50;

    private SqlStates() {}

    /** Whether a transaction lost a deadlock or a serialisation conflict, so that it may succeed if it runs again. */
    static boolean lostRace(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException sql
                    && ("40001".equals(sql.getSQLState()) || "40P01".equals(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the server certainly answered that the statement had no effect. Not so if the connection broke (class 08) or
     * the server ended the session (57P, 25P03 and 25P04) or met what it does not expect (XX): the statement may have been
     * carried out by then, or may be still.
     */
    static boolean isRefusal(SQLException thrown) {
        String state = thrown.getSQLState();
        return state != null
                && !state.startsWith("08")
                && !state.startsWith("57P")
                && !state.equals("25P03")
                && !state.equals("25P04")
                && !state.startsWith("XX")
                && !state.equals("40003");
    }
}
