package io.amends.dashboard.failures;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What operators wrote down about a group of failures.
 *
 * @param revision how often it was changed, at least 1; what a change names that acts on what was seen
 * @param text what they know of it, null for nothing
 * @param owner who looks after it, null for nobody
 * @param mutedUntil until when its sagas raise no alerts, null if they do
 * @param changedBy who changed it last
 * @param changedAt when that was, by the database's clock
 */
public record GroupNote(
        long revision,
        @Nullable String text,
        @Nullable String owner,
        @Nullable Instant mutedUntil,
        String changedBy,
        Instant changedAt) {}
