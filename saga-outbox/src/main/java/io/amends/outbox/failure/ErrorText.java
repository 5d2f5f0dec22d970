package io.amends.outbox.failure;

import java.util.regex.Pattern;

/**
 * An exception in words that may be logged and stored. PostgreSQL quotes the values of rows in the detail and the context
 * of its errors, and those are somebody's data; they are left out.
 */
public final class ErrorText {

    private static final int LONGEST = 2000;
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
}
