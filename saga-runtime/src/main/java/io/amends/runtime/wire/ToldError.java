package io.amends.runtime.wire;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a participant tells of its error in the header {@code saga_error}, for those who look at the saga: class and message of
 * the exception, cut short. Nothing decides by it.
 */
public final class ToldError {

    private static final int LONGEST = 300;
    /** Possessive, so that no stack is needed for each part of a long text. */
    private static final Pattern PACKAGES = Pattern.compile("^(?:[a-z_][A-Za-z0-9_]*+\\.)++(?=[A-Z])");

    private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}]+");

    private ToldError() {}

    /** The first line of an exception's text, without packages and with 300 characters at most; null if nothing is left. */
    public static @Nullable String of(String exception) {
        String line = exception.lines().findFirst().orElse("");
        return clean(PACKAGES.matcher(line).replaceFirst(""));
    }

    /** What the reply in that record tells; null for nothing. Whoever sent it, it is one line of 300 characters at most. */
    public static @Nullable String in(InboundRecord reply) {
        String text = reply.text(WireHeaders.SAGA_ERROR);
        return text == null ? null : clean(text);
    }

    private static @Nullable String clean(String text) {
        // Cut before it is searched, so that a long header costs nothing; not in the middle of a pair of characters.
        String start = text.length() <= 2 * LONGEST ? text : text.substring(0, 2 * LONGEST);
        String words = NO_TEXT.matcher(start).replaceAll(" ").strip();
        if (words.length() > LONGEST) {
            int end = Character.isHighSurrogate(words.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
            words = words.substring(0, end);
        }
        return words.isEmpty() ? null : words;
    }
}
