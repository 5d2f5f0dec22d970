package io.amends.dashboard.kafka;

import io.amends.dashboard.database.BoundedReads;
import io.amends.runtime.wire.Topics;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** What the database knows of commands that were sent. Safe for use by many threads. */
public final class SentCommands {

    /** Of one lane; what waits behind so many is not looked through. */
    static final int MOST_WAITING = 20_000;

    /** What is said of a command that was not found, where it was not looked for in all of the outbox. */
    static final String MAY_WAIT =
            "It may be in the outbox still: more wait there than the first %d, which were looked through."
                    .formatted(MOST_WAITING);

    private static final String SENT = """
            select participant, at from saga_timeline
             where saga_id = ? and message_id = ? and event = 'Sent' and participant is not null
             order by hlc desc limit 1""";

    private static final String PARKED =
            "select exists (select 1 from saga_parked where aggregatetype = ? and aggregateid = ? and id = ?)";

    /** The newest rows have no statistics, so the planner is told not to read whole segments for them. */
    private static final String BY_INDEX =
            "select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)";

    /** What no relay has noted as published, as saga_outbox_waiting looks for it. */
    private static final String WAITING = """
            select case when bool_or(w.id = ?) then 'WAITS' when count(*) >= ? then 'UNSURE' else 'PUBLISHED' end
              from saga_lane l
             cross join lateral (
              (select o.id from saga_outbox o
                where l.cut_to is null and o.xid >= pg_snapshot_xmax(l.published_to) and o.bucket % l.lane_count = l.lane
                order by o.xid limit ?)
              union all
              (select o.id from saga_outbox o
                where l.cut_to is null and o.xid = any (array(select pg_snapshot_xip(l.published_to)))
                  and o.bucket % l.lane_count = l.lane
                order by o.xid limit ?)
              union all
              (select o.id from saga_outbox o
                where o.position > l.cut_position and o.bucket % l.lane_count = l.lane
                  and not pg_visible_in_snapshot(o.xid, l.published_to)
                order by o.position limit ?)) w""";

    private final BoundedReads reads;
    private final int mostWaiting;

    /** Of that database. */
    public SentCommands(BoundedReads reads) {
        this(reads, MOST_WAITING);
    }

    SentCommands(BoundedReads reads, int mostWaiting) {
        this.reads = reads;
        this.mostWaiting = mostWaiting;
    }

    /** Where a command is in this database. */
    enum Stage {
        /** In the outbox. */
        WAITS,
        /** In the outbox, and refused by Kafka or behind what was refused. */
        PARKED,
        /** It was published. */
        PUBLISHED,
        /** It was published, or waits behind so many that it was not looked for there. */
        UNSURE
    }

    /** A command, and where it is in this database. */
    record Known(SentCommand command, Stage stage) {}

    /** The command with that message that the saga sent; empty if its history has none. */
    Optional<Known> of(UUID sagaId, UUID messageId) {
        return reads.read(jdbc -> jdbc
                .query(
                        SENT,
                        (row, number) -> new SentCommand(
                                Topics.commands(row.getString("participant")),
                                sagaId.toString(),
                                messageId,
                                instant(row.getObject("at", OffsetDateTime.class))),
                        sagaId,
                        messageId)
                .stream()
                .findFirst()
                .map(command -> new Known(command, stage(jdbc, command))));
    }

    private static Instant instant(OffsetDateTime at) {
        return Objects.requireNonNull(at, "at").toInstant();
    }

    private Stage stage(JdbcOperations jdbc, SentCommand command) {
        if (Boolean.TRUE.equals(
                jdbc.queryForObject(PARKED, Boolean.class, command.topic(), command.key(), command.messageId()))) {
            return Stage.PARKED;
        }
        jdbc.query(BY_INDEX, row -> {});
        return Stage.valueOf(Objects.requireNonNull(jdbc.queryForObject(
                WAITING, String.class, command.messageId(), mostWaiting, mostWaiting, mostWaiting, mostWaiting)));
    }
}
