package io.amends.dashboard.kafka;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a command is in Kafka, as far as that could be found out.
 *
 * @param state what came of the search
 * @param topic where the command was sent
 * @param place where it is, as {@code topic-3@42}; null unless it was found
 * @param publishedAt when, by the clock of whoever published it, or of Kafka; null unless it was found
 * @param group the consumer group that is named like the topic; null unless Kafka told of it
 * @param committed the offset that the group reads next in that partition; null if it has read nothing there, or nobody told
 * @param read whether the group has read the command; null if nobody told
 * @param inFront how many records the group reads before it, markers of Kafka's transactions included; null if it has read the
 *     command, or if that is not known
 * @param searched how many records were looked at, 0 if Kafka was not asked
 * @param from since when records were looked at; null if Kafka was not asked
 * @param trouble why something is not known for sure, and what to do; null if there is nothing to say
 */
public record CommandPlace(
        State state,
        String topic,
        @Nullable String place,
        @Nullable Instant publishedAt,
        @Nullable String group,
        @Nullable Long committed,
        @Nullable Boolean read,
        @Nullable Long inFront,
        int searched,
        @Nullable Instant from,
        @Nullable String trouble) {

    /** What came of a search. */
    public enum State {
        /** It is there. */
        FOUND,
        /** Of all records since it was sent none has its id: Kafka has removed it, or hides it in an unfinished transaction. */
        NOT_FOUND,
        /** It was not found before the search had to end; later records were not looked at. */
        NOT_REACHED,
        /** It is in the outbox still. */
        NOT_PUBLISHED,
        /** It is in the outbox, since Kafka refused it or an earlier one of its saga. */
        PARKED,
        /** There is no Kafka: messages go from the outbox straight to their handlers. */
        NO_KAFKA,
        /** So many look already that Kafka was not asked. */
        BUSY,
        /** Kafka did not tell. */
        UNTOLD
    }

    /** Without a look at Kafka. */
    static CommandPlace unasked(State state, String topic) {
        return new CommandPlace(state, topic, null, null, null, null, null, null, 0, null, null);
    }

    static CommandPlace untold(String topic, String trouble) {
        return new CommandPlace(State.UNTOLD, topic, null, null, null, null, null, null, 0, null, trouble);
    }

    static CommandPlace missing(boolean all, String topic, int searched, Instant from) {
        State state = all ? State.NOT_FOUND : State.NOT_REACHED;
        return new CommandPlace(state, topic, null, null, null, null, null, null, searched, from, null);
    }

    /** Found, with nothing told of the group yet. */
    static CommandPlace at(String topic, String place, Instant publishedAt, int searched, Instant from) {
        return new CommandPlace(State.FOUND, topic, place, publishedAt, null, null, null, null, searched, from, null);
    }

    /** The same with how far the group is that reads it; null for one that has read nothing there. */
    CommandPlace readBy(String name, long offset, @Nullable Long next) {
        boolean isRead = next != null && next > offset;
        Long before = next == null || isRead ? null : offset - next;
        return new CommandPlace(state, topic, place, publishedAt, name, next, isRead, before, searched, from, trouble);
    }

    /** The same with why it does not tell more. */
    CommandPlace but(String why) {
        return new CommandPlace(state, topic, place, publishedAt, group, committed, read, inFront, searched, from, why);
    }
}
