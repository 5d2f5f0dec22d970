package io.amends.dashboard.instance;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line of a saga's history. The logical clock orders lines by what happened before what, also where the clocks of
 * machines disagree.
 *
 * @param clock the logical clock
 * @param at when it was stored, by the database's clock
 * @param event what happened
 * @param step the step that it concerns, null for none
 * @param kind {@code action} or {@code compensation}, null for neither
 * @param participant who answered, null for nobody
 * @param messageId the message that brought it, or that was sent ({@code Sent}); null for none
 * @param disposition what became of it
 * @param phase where the saga stood afterwards
 * @param detail more in words, null for nothing
 * @param place where the message was read, as {@code topic-3@42}; null if none was, or an older process wrote the line
 * @param data the saga's data afterwards as its codec wrote it, unmasked; null where it did not change, is not kept, or is too
 *     much to be read together with that of later lines
 */
public record TimelineEntry(
        long clock,
        Instant at,
        String event,
        @Nullable String step,
        @Nullable String kind,
        @Nullable String participant,
        @Nullable UUID messageId,
        String disposition,
        String phase,
        @Nullable String detail,
        @Nullable String place,
        @Nullable String data) {

    /** The same with that in place of the data; null for none. */
    public TimelineEntry withData(@Nullable String text) {
        return new TimelineEntry(
                clock, at, event, step, kind, participant, messageId, disposition, phase, detail, place, text);
    }
}
