package io.amends.test.saga;

import java.util.function.UnaryOperator;

/**
 * Writes and reads values as a store or a wire does.
 *
 * @param writeAndRead from a value to one that is read from what was written
 */
record Copying(UnaryOperator<Object> writeAndRead) {

    /** Leaves values as they are. */
    static final Copying NONE = new Copying(value -> value);

    Object copy(Object value) {
        Object read = writeAndRead.apply(value);
        if (read == null || !isSame(value, read)) {
            throw new AssertionError(
                    "A %s does not survive the round trip.%nWritten: %s%nRead:    %s%nWhat is lost here is lost in production too: correct the type or its mapping."
                            .formatted(value.getClass().getName(), value, read));
        }
        return read;
    }

    /** Whether two values are the same, as far as their class can tell: identity says nothing of a copy. */
    static boolean isSame(Object one, Object other) {
        return one.getClass() == other.getClass() && (!hasEquals(one.getClass()) || one.equals(other));
    }

    private static boolean hasEquals(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("Every class has equals.", impossible);
        }
    }
}
