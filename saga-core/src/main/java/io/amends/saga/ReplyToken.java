package io.amends.saga;

import java.util.Objects;

/**
 * Answers one command later; see {@link Deferred}. Random and opaque: whoever has it may answer, so an application keeps
 * it like a password and shows it only to those who decide.
 *
 * @param value the text to keep; at most 100 characters
 */
public record ReplyToken(String value) {

    public ReplyToken {
        Objects.requireNonNull(value, "value");
    }

    /** The token that was kept as that text. */
    public static ReplyToken of(String value) {
        return new ReplyToken(value);
    }

    /** Without the value, which must not reach a log. */
    @Override
    public String toString() {
        return "ReplyToken[...]";
    }
}
