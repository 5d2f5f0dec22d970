package io.amends.saga;

import java.util.Objects;

/**
 * What a step returns that waits for somebody's word, such as an approval, instead of sending a command. The word is a
 * {@link Reply}: a success lets the saga go on, a rejection turns it back.
 *
 * @param <R> the replies that may be given
 * @param name the signal's name, by which it is given
 */
@SuppressWarnings("UnusedTypeParameter") // start-up reads it from the step method's return type
public record Signal<R extends Reply>(String name) {

    public Signal {
        Objects.requireNonNull(name, "name");
    }

    /** Waits for the signal of that name. */
    public static <R extends Reply> Signal<R> awaited(String name) {
        return new Signal<>(name);
    }
}
