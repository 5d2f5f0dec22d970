package io.amends.dashboard.messages;

import io.amends.dashboard.database.BoundedReads;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads what waits in the inbox without anybody having to decide: commands for another attempt or a lock
 * ({@code saga_inbox_redelivery}), and replies for a process that has their version ({@code saga_waiting_reply}). Of each table
 * ten thousand rows are looked at. Safe for use by many threads.
 */
public final class WaitingInbox {

    private static final int MOST = 10_000;

    private static final String COMMANDS = """
            select participant, saga_id, step, kind, topic, partition_no, offset_no, attempts, error,
                   case when isfinite(next_attempt_at) then next_attempt_at end as due_at, count(*) over () as number
              from (select * from saga_inbox_redelivery limit ?) r
             order by next_attempt_at, redelivery_id limit ?""";

    private static final String REPLIES = """
            select saga_id, topic, partition_no, offset_no, waits_since, count(*) over () as number
              from (select * from saga_waiting_reply limit ?) r
             order by waits_since, topic, partition_no, offset_no limit ?""";

    private final BoundedReads reads;

    /** Of that database. */
    public WaitingInbox(BoundedReads reads) {
        this.reads = reads;
    }

    /**
     * What there is.
     *
     * @param commandCount how many commands wait; ten thousand are that many or more
     * @param commands those of them that are due next
     * @param replyCount how many replies wait; ten thousand are that many or more
     * @param replies those of them that have waited longest
     */
    public record InboxWaiting(
            long commandCount, List<WaitingCommand> commands, long replyCount, List<WaitingReply> replies) {}

    /**
     * A command that is handled again, or once its lock is free.
     *
     * @param participant who handles it
     * @param sagaId its saga, which may be of another service
     * @param step its step
     * @param kind {@code action} or {@code compensation}
     * @param topic its topic
     * @param partition its partition
     * @param offset its offset
     * @param attempts how often it was tried, 0 if it waits for a lock or a row
     * @param nextAttemptAt when it is due, null if it waits for a semantic lock
     * @param error why it waits
     */
    public record WaitingCommand(
            String participant,
            UUID sagaId,
            String step,
            String kind,
            String topic,
            int partition,
            long offset,
            int attempts,
            @Nullable Instant nextAttemptAt,
            String error) {}

    /**
     * A reply whose saga's version no process has that read it, or that an operator handed back.
     *
     * @param sagaId its saga
     * @param topic its topic
     * @param partition its partition
     * @param offset its offset
     * @param since since when it waits
     */
    public record WaitingReply(UUID sagaId, String topic, int partition, long offset, Instant since) {}

    /**
     * What waits now.
     *
     * @param most how many commands and how many replies at most, at least 1
     */
    public InboxWaiting read(int most) {
        return reads.read(jdbc -> {
            long[] counts = new long[2];
            List<WaitingCommand> commands = jdbc.query(
                    COMMANDS,
                    (row, number) -> {
                        counts[0] = row.getLong("number");
                        return command(row);
                    },
                    MOST,
                    most);
            List<WaitingReply> replies = jdbc.query(
                    REPLIES,
                    (row, number) -> {
                        counts[1] = row.getLong("number");
                        return new WaitingReply(
                                row.getObject("saga_id", UUID.class),
                                row.getString("topic"),
                                row.getInt("partition_no"),
                                row.getLong("offset_no"),
                                Objects.requireNonNull(instant(row, "waits_since")));
                    },
                    MOST,
                    most);
            return new InboxWaiting(counts[0], commands, counts[1], replies);
        });
    }

    private static WaitingCommand command(ResultSet row) throws SQLException {
        return new WaitingCommand(
                row.getString("participant"),
                row.getObject("saga_id", UUID.class),
                row.getString("step"),
                row.getString("kind"),
                row.getString("topic"),
                row.getInt("partition_no"),
                row.getLong("offset_no"),
                row.getInt("attempts"),
                instant(row, "due_at"),
                row.getString("error"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
