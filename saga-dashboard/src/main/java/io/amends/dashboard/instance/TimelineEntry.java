package io.amends.dashboard.instance;

import java.time.Instant;
import java.util.Map;
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
 * @param place where the message was read, as {@code topic-3@42}: of one that was sent, where the participant read it, which its
 *     reply tells; null if none was read, or nobody said where
 * @param answers the command's message that a reply answers; null for what is no reply, or does not say it
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
        @Nullable UUID answers,
        @Nullable String data) {

    /** The same with where its message was read, by the message's id, if that is not known from elsewhere. */
    TimelineEntry placed(Map<UUID, String> places) {
        String known = place == null && messageId != null ? places.get(messageId) : place;
        return new TimelineEntry(
                clock, at, event, step, kind, participant, messageId, disposition, phase, detail, known, answers, data);
    }

    /** The same with that in place of the data; null for none. */
    public TimelineEntry withData(@Nullable String text) {
        return new TimelineEntry(
                clock, at, event, step, kind, participant, messageId, disposition, phase, detail, place, answers, text);
    }
}
