package io.amends.dashboard.rest;

import io.amends.dashboard.language.Sentence;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written down about a group, in the place of what is there.
 *
 * @param reason why
 * @param note what is known of it, null for nothing
 * @param owner who looks after it, null for nobody
 * @param mutedUntil until when it raises no alerts, null if it does
 */
record NoteRequest(
        @Nullable String reason,
        @Nullable String note,
        @Nullable String owner,
        @Nullable String mutedUntil) {

    /** @throws ConsoleProblem if that is no time */
    @Nullable
    Instant until() {
        if (mutedUntil == null || mutedUntil.isBlank()) {
            return null;
        }
        try {
            return Instant.parse(mutedUntil.strip());
        } catch (DateTimeParseException wrong) {
            throw ConsoleProblem.badRequest(Sentence.of("'mutedUntil' is no time such as 2026-01-31T12:00:00Z."));
        }
    }
}
