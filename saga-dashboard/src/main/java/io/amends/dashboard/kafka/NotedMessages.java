package io.amends.dashboard.kafka;

import io.amends.dashboard.database.BoundedReads;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the history of sagas knows of their messages. Safe for use by many threads. */
public final class NotedMessages {

    /** A message that came more than once was read at several places; the last is the one that Kafka keeps longest. */
    private static final String NOTED = """
            select m.event = 'Sent' as sent, m.place
              from (select t.hlc, t.event,
                           coalesce(t.place, (select h.command_place from saga_history h
                                               where h.saga_id = t.saga_id and h.command_id = t.message_id
                                                 and h.command_place is not null limit 1)) as place
                      from saga_timeline t where t.saga_id = ? and t.message_id = ?) m
             order by m.place is null, m.hlc desc limit 1""";

    private final BoundedReads reads;

    /** Of that database. */
    public NotedMessages(BoundedReads reads) {
        this.reads = reads;
    }

    /**
     * A message of a saga.
     *
     * @param isSent whether the saga sent it; otherwise it came
     * @param place where it was read, null if nobody told
     */
    record Noted(boolean isSent, @Nullable RecordPlace place) {}

    /** The message with that id in the saga's history; empty if there is none. */
    Optional<Noted> of(UUID sagaId, UUID messageId) {
        return reads
                .read(jdbc -> jdbc.query(
                        NOTED,
                        (row, number) -> new Noted(
                                row.getBoolean("sent"),
                                RecordPlace.of(row.getString("place")).orElse(null)),
                        sagaId,
                        messageId))
                .stream()
                .findFirst();
    }
}
