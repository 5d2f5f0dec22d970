package io.amends.runtime.wire;

import io.amends.saga.engine.Frames;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a participant tells of its error, for those who look at the saga: class and message of the exception, cut short, in the
 * header {@code saga_error}, and where in its code that was thrown, in {@code saga_error_frames}. Nothing decides by it. Immutable.
 *
 * @param text class and message; null for nothing
 * @param frames where in the code, as {@link Frames} writes it; null for nothing
 */
public record ToldError(@Nullable String text, @Nullable String frames) {

    /** Nothing is told. */
    public static final ToldError NOTHING = new ToldError(null, null);

    private static final int LONGEST = 300;
    /** Possessive, so that no stack is needed for each part of a long text. */
    private static final Pattern PACKAGES = Pattern.compile("^(?:[a-z_][A-Za-z0-9_]*+\\.)++(?=[A-Z])");

    private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}]+");

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

    /**
     * The frames that the reply in that record tells; null for none. Whoever sent it, they are four short lines at most, each the
     * name of a class and a method.
     */
    public static @Nullable String framesIn(InboundRecord reply) {
        String text = reply.text(WireHeaders.SAGA_ERROR_FRAMES);
        return text == null ? null : Frames.told(text);
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
