package io.amends.runtime.retention;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For how long what sagas leave behind is kept.
 *
 * @param sagas ended sagas, counted from their last change; null for ever
 * @param barrier what participants remember of commands, counted from the youngest command of a saga; null for ever
 * @param batch how many rows one transaction looks at, at most
 */
public record RetentionSettings(
        @Nullable Duration sagas, @Nullable Duration barrier, int batch) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a time is not positive, or the batch is
     */
    public RetentionSettings {
        requirePositive("Ended sagas", sagas);
        requirePositive("Commands", barrier);
        if (batch < 1) {
            throw new IllegalArgumentException("A batch has at least one row, not %d.".formatted(batch));
        }
    }

    private static void requirePositive(String what, @Nullable Duration kept) {
        if (kept != null && (kept.isNegative() || kept.isZero())) {
            throw new IllegalArgumentException(
                    "%s are kept for some time, not %s. Null keeps them for ever.".formatted(what, kept));
        }
    }
}
