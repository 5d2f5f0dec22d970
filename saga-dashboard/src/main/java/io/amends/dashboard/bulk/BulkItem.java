package io.amends.dashboard.bulk;

import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One saga's part of a run.
 *
 * @param sagaId the saga
 * @param position its place in the run, from 1
 * @param state what came of it
 * @param actionId the line of the audit, null if it was not ordered
 * @param detail more in words, null for nothing
 * @param at when it was ordered, null if it was not
 */
public record BulkItem(
        UUID sagaId,
        int position,
        ItemState state,
        @Nullable Long actionId,
        @Nullable String detail,
        @Nullable Instant at) {

    /** The same, as far as the console said it, for who reads that language. */
    public BulkItem in(Language language) {
        return detail == null || language == Language.ENGLISH
                ? this
                : new BulkItem(
                        sagaId,
                        position,
                        state,
                        actionId,
                        Sentence.recalled(detail).in(language),
                        at);
    }
}
