package io.amends.saga.definition;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value by which instances are found.
 *
 * @param name its name
 * @param value takes the data; empty for none. It may throw: what the saga's code throws, or an
 *     {@code IllegalArgumentException} for a value that can't be indexed
 */
public record AttributeDefinition(String name, Function<Object, Optional<String>> value) {

    /** How many a saga may have. */
    public static final int MOST = 10;

    /** How many characters a value may have. */
    public static final int LONGEST = 200;

    static AttributeDefinition of(String name, Function<Object, ?> value) {
        return new AttributeDefinition(name, data -> text(value.apply(data)));
    }

    /**
     * A value as it is stored and searched for; numbers without insignificant zeros, so that 12.5 finds 12.50.
     *
     * @return empty for null and for an empty {@code Optional}
     * @throws IllegalArgumentException if the value is of another type, too long, or no text that a database takes
     */
    public static Optional<String> text(@Nullable Object value) {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Optional<?> maybe) {
            return maybe.flatMap(AttributeDefinition::text);
        }
        String text;
        if (value instanceof BigDecimal number) {
            text = number.stripTrailingZeros().toPlainString();
        } else if (value instanceof Enum<?> constant) {
            text = constant.name();
        } else if (isIndexable(value.getClass())) {
            text = value.toString();
        } else {
            throw new IllegalArgumentException("a %s can't be indexed; %s"
                    .formatted(value.getClass().getName(), "use a string, a number, a UUID or an enum constant"));
        }
        // The value itself may be nobody's business, so that it is not in the text.
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "its %d characters are more than the %d that are indexed".formatted(text.length(), LONGEST));
        }
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("it has a character that PostgreSQL can't store");
        }
        return Optional.of(text);
    }

    static boolean isIndexable(Class<?> type) {
        return type == String.class
                || type == UUID.class
                || Number.class.isAssignableFrom(type)
                || Enum.class.isAssignableFrom(type)
                || (type.isPrimitive() && type != void.class && type != boolean.class && type != char.class);
    }
}
