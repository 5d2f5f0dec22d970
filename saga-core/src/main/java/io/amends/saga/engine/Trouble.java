package io.amends.saga.engine;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong.
 *
 * @param text in words
 * @param frames where in the code, as {@link Frames} writes it; null if no code threw, or nobody said
 */
record Trouble(String text, @Nullable String frames) {

    /** Which no code threw. */
    static Trouble of(String text) {
        return new Trouble(text, null);
    }

    /** What the saga's own code threw. */
    static Trouble thrown(String text, Throwable thrown) {
        return new Trouble(text, Frames.of(thrown));
    }
}
