package io.amends.saga;

import java.util.Objects;

/**
 * The business key of a saga: the same key always yields the same instance.
 *
 * @param value the key, 1 to 200 characters
 */
public record SagaKey(String value) {

    /** The longest key, in characters. */
    public static final int MAX_LENGTH = 200;

    public SagaKey {
        Objects.requireNonNull(value, "value");
        if (value.isBlank() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("A saga key has 1 to %d characters and is not blank; this one has %d."
                    .formatted(MAX_LENGTH, value.length()));
        }
    }

    /** The key with that object's {@code toString()} as its value. */
    public static SagaKey of(Object value) {
        return new SagaKey(value.toString());
    }
}
