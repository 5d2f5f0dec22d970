package io.amends.outbox.failure;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An exception in words that may be stored, and logged unless it is the application's. PostgreSQL quotes the values of rows in
 * the detail and the context of its errors, and those are somebody's data; they are left out. What the application's own code
 * throws may quote anything that a message held: a log has its {@link #kind} only, and says which table has the words.
 */
public final class ErrorText {

    private static final int LONGEST = 2000;
    private static final int MOST_CAUSES = 5;
    private static final Pattern QUOTES_VALUES = Pattern.compile("(?m)^\\s*(Detail|Where): .*(\\R|\\z)");

    private ErrorText() {}

    /** Class and message of the exception, without values, NUL characters and more than 2,000 characters. */
    public static String of(Throwable thrown) {
        String text = QUOTES_VALUES
                .matcher(thrown.toString())
                .replaceAll("")
                .replace("\0", "")
                .strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /** The classes of the exception and of its causes, and where in the code each was thrown; none of their words. */
    public static String kind(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        @Nullable Throwable one = thrown;
        for (int i = 0; one != null && i < MOST_CAUSES; i++) {
            text.append(i == 0 ? "" : ", caused by ").append(one.getClass().getName());
            if (one instanceof SQLException sql && sql.getSQLState() != null) {
                text.append(' ').append(sql.getSQLState());
            }
            StackTraceElement[] trace = one.getStackTrace();
            if (trace.length > 0) {
                text.append(" at ").append(trace[0]);
            }
            one = one.getCause();
        }
        return text.toString();
    }
}
