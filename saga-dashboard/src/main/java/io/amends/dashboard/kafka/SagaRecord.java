package io.amends.dashboard.kafka;

import io.amends.dashboard.messages.RawMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of a saga's message, as far as it could be read, with what may be secret: for who masks it.
 *
 * @param state what came of reading it
 * @param place where it is or was, as {@code topic-3@42}; null if that is not known
 * @param publishedAt when it was published, by the clock of whoever published it, or of Kafka; null unless it was found
 * @param searched how many records were looked at because its place was not known
 * @param from since when records were looked at; null if none was looked for
 * @param trouble why something is not known for sure, and what to do; null if there is nothing to say
 * @param message what it holds; null unless it was found
 */
record SagaRecord(
        State state,
        @Nullable String place,
        @Nullable Instant publishedAt,
        int searched,
        @Nullable Instant from,
        @Nullable String trouble,
        @Nullable RawMessage message) {

    /** What came of reading a record. */
    public enum State {
        /** Here it is. */
        FOUND,
        /** Its topic does not have it any more at its place: it was removed by age, size or compaction. */
        GONE,
        /** Another message is at its place: the topic was removed and made anew, or the place was never its own. */
        ANOTHER,
        /** Its place is not known, and of all records since it was sent none has its id. */
        NOT_FOUND,
        /** Its place is not known, and it was not found before the search had to end. */
        NOT_REACHED,
        /** It is in the outbox still. */
        NOT_PUBLISHED,
        /** It is in the outbox, since Kafka refused it or an earlier one of its saga. */
        PARKED,
        /** It came from elsewhere, and its place was not noted. */
        NO_PLACE,
        /** There is no Kafka: messages go from the outbox straight to their handlers, and are not kept. */
        NO_KAFKA,
        /** So many look already that Kafka was not asked. */
        BUSY,
        /** Kafka did not tell. */
        UNTOLD
    }

    /** Of which nothing was read. */
    static SagaRecord unread(State state, @Nullable String place, @Nullable String trouble) {
        return new SagaRecord(state, place, null, 0, null, trouble, null);
    }

    /** That was looked for in vain. */
    static SagaRecord missing(boolean all, int searched, Instant from) {
        return new SagaRecord(all ? State.NOT_FOUND : State.NOT_REACHED, null, null, searched, from, null, null);
    }

    /** The same with why it does not tell more. */
    SagaRecord but(String why) {
        return new SagaRecord(state, place, publishedAt, searched, from, why, message);
    }
}
