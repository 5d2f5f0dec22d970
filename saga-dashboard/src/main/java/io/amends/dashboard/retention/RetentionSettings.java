package io.amends.dashboard.retention;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For how long what the console noted is kept.
 *
 * @param audit lines of the audit, counted from when they were written; null for ever
 * @param rest runs and requests for a second person counted from their end, alerts from when they were noticed; null for ever
 */
public record RetentionSettings(
        @Nullable Duration audit, @Nullable Duration rest) {

    /** The database refuses to remove lines of the audit that are younger. */
    public static final Duration SHORTEST_AUDIT = Duration.ofDays(30);

    public RetentionSettings {
        if (audit != null && audit.compareTo(SHORTEST_AUDIT) < 0) {
            throw new IllegalArgumentException(
                    "Lines of the audit are kept for at least %d days, not %s. Leave it out to keep them for ever."
                            .formatted(SHORTEST_AUDIT.toDays(), audit));
        }
        if (rest != null && rest.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException(
                    "What the console noted is kept for at least an hour, not %s.".formatted(rest));
        }
    }
}
