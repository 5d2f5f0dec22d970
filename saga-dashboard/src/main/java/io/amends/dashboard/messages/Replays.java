package io.amends.dashboard.messages;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;
import io.amends.outbox.HeaderCodec;
import io.amends.runtime.sql.Arguments;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaPhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Hands messages that were set aside back to who handles them: byte for byte as they came, under the place that they were
 * read at. Not by way of Kafka: a reply goes to the replies that wait for a process with their saga's version, a command
 * to those that wait for another attempt. Both are read from there in any order, by the ordinary path, and without any right to write to
 * the topic. Safe for use by many threads and processes.
 */
public final class Replays {

    /** What the audit calls it. */
    public static final String VERB = "set-aside-replay";

    /** So many that one that fails is the last one: an operator orders one attempt. */
    private static final int LAST_ATTEMPT = 1_000_000;

    /**
     * What is wrong with commands that passed the checks of signature and encryption, which are not made again where
     * commands wait for another attempt. Whoever sent one was answered with an error.
     */
    private static final Set<String> CHECKED = Set.of("UNKNOWN_TYPE", "MALFORMED_PAYLOAD", "HANDLER_FAILED");

    private static final Pattern COMMANDS = Pattern.compile("saga\\.(.+)\\.commands");

    private static final String TAKEN = """
            with taken as (
              delete from saga_inbox_quarantine where topic = ? and partition_no = ? and offset_no = ?
              returning topic, partition_no, offset_no, record_key, payload, headers)
            """;

    private static final String TO_REPLIES = TAKEN + """
            , kept as (
              insert into saga_waiting_reply (topic, partition_no, offset_no, record_key, payload, headers, saga_id)
              select taken.*, ?::uuid from taken on conflict (topic, partition_no, offset_no) do nothing returning 1)
            select (select count(*) from taken) as taken, (select count(*) from kept) as kept""";

    private static final String TO_COMMANDS = TAKEN + """
            , kept as (
              insert into saga_inbox_redelivery (topic, partition_no, offset_no, record_key, payload, headers, saga_id,
                                                 participant, step, kind, attempts, next_attempt_at, error)
              select taken.*, ?::uuid, ?::text, ?::text, ?::text, ?::int, clock_timestamp(), 'handed back by an operator' from taken
              on conflict (participant, saga_id, step, kind) do nothing returning 1)
            select (select count(*) from taken) as taken, (select count(*) from kept) as kept""";

    private final JdbcOperations jdbc;

    /** In that database, which has the messages and the sagas. */
    public Replays(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** A message can't be handed back as things stand. The text says why and what to do. */
    public static final class RefusedException extends RuntimeException implements Told {

        private static final long serialVersionUID = 1L;

        private final transient Sentence told;

        RefusedException(Sentence told, @Nullable Throwable cause) {
            super(told.english(), cause);
            this.told = told;
        }

        @Override
        public Sentence told() {
            return told;
        }
    }

    /**
     * A message that was handed back.
     *
     * @param sagaId whose it is
     * @param clock the saga's clock: what its history says later came later
     * @param steps the step whose command it is; none for a reply, which has its effect when it is handled
     */
    public record HandedBack(UUID sagaId, long clock, List<String> steps) {
        public HandedBack {
            steps = List.copyOf(steps);
        }
    }

    private record Stored(InboundRecord record, String code) {}

    private record Owner(SagaPhase phase, boolean isTurnedBack, long clock) {}

    /** @param status of its step, empty if that has not begun */
    private record Asked(String status, boolean isAnew) {}

    private record Moved(long taken, long kept) {}

    /**
     * Hands one back, in the caller's transaction.
     *
     * @return empty if none is set aside there, or not any more
     * @throws RefusedException if it would only be set aside again, or must not be handled any more; the transaction is to be
     *     rolled back
     */
    public Optional<HandedBack> handBack(String topic, int partition, long offset) {
        Stored stored = jdbc
                .query(
                        "select record_key, payload, headers, reason_code from saga_inbox_quarantine"
                                + " where topic = ? and partition_no = ? and offset_no = ?",
                        (row, number) -> stored(row, topic, partition, offset),
                        topic,
                        partition,
                        offset)
                .stream()
                .findFirst()
                .orElse(null);
        if (stored == null) {
            return Optional.empty();
        }
        Matcher commands = COMMANDS.matcher(topic);
        return commands.matches() ? command(stored, commands.group(1)) : reply(stored);
    }

    private static Stored stored(ResultSet row, String topic, int partition, long offset) throws SQLException {
        try {
            return new Stored(
                    new InboundRecord(
                            topic,
                            partition,
                            offset,
                            row.getBytes("record_key"),
                            row.getBytes("payload"),
                            HeaderCodec.decode(Objects.requireNonNull(row.getBytes("headers")))),
                    Objects.requireNonNull(row.getString("reason_code")));
        } catch (IllegalArgumentException damaged) {
            throw new RefusedException(
                    Sentence.of("Its headers are damaged, so that nobody can handle it. Drop it."), damaged);
        }
    }

    private Optional<HandedBack> reply(Stored stored) {
        if (stored.record().text(WireHeaders.SAGA_OUTCOME) == null) {
            throw new RefusedException(
                    Sentence.of(
                            "It is no reply: it has no header %s. It would be set aside again. Drop it, and find out who writes to the topic.",
                            WireHeaders.SAGA_OUTCOME),
                    null);
        }
        SagaMessage reply;
        try {
            reply = SagaMessage.reply(stored.record());
        } catch (MalformedMessageException trouble) {
            throw unreadable(trouble);
        }
        Owner owner = owner(reply.sagaId())
                .orElseThrow(() -> new RefusedException(
                        Sentence.of(
                                "There is no saga %s in this database, so that it would be set aside again. Find out who sent it, then drop it.",
                                reply.sagaId()),
                        null));
        Moved moved = move(TO_REPLIES, at(stored.record()).value(reply.sagaId()));
        if (moved.taken() == 0) {
            return Optional.empty();
        }
        if (moved.kept() == 0) {
            throw new RefusedException(
                    Sentence.of("The same record is being handed over at this moment. Look again what became of it."),
                    null);
        }
        return Optional.of(new HandedBack(reply.sagaId(), owner.clock(), List.of()));
    }

    private Optional<HandedBack> command(Stored stored, String participant) {
        if (!CHECKED.contains(stored.code())) {
            throw new RefusedException(
                    Sentence.of(
                            "It was refused with %s, and neither handled nor answered. Its saga sends the command anew when no reply comes, or when you retry it.",
                            stored.code()),
                    null);
        }
        SagaMessage command;
        try {
            command = SagaMessage.command(stored.record());
        } catch (MalformedMessageException trouble) {
            throw unreadable(trouble);
        }
        UUID sagaId = command.sagaId();
        Owner owner = owner(sagaId)
                .orElseThrow(() -> new RefusedException(
                        Sentence.of(
                                "Its saga %s is not in this database, so that nobody here knows whether the command may be carried out still. Retry the saga where it is: it sends the command anew, under the same key.",
                                sagaId),
                        null));
        requireAwaited(command, participant, owner);
        Moved moved = move(
                TO_COMMANDS,
                at(stored.record())
                        .value(sagaId)
                        .value(participant)
                        .value(command.step())
                        .value(command.kind().wireName())
                        .value(LAST_ATTEMPT));
        if (moved.taken() == 0) {
            return Optional.empty();
        }
        if (moved.kept() == 0) {
            throw new RefusedException(
                    Sentence.of(
                            "Its saga has sent the same command anew, which waits for its next attempt already. Drop this one."),
                    null);
        }
        return Optional.of(new HandedBack(sagaId, owner.clock(), List.of(command.step())));
    }

    /**
     * What an operator skipped or ended, or the saga turned back from, must not take effect afterwards; nor what was asked before the
     * operator had it asked anew, perhaps with other data: whichever of the two comes first is carried out, and the other is a repeat.
     */
    private void requireAwaited(SagaMessage command, String participant, Owner owner) {
        boolean isAction = command.kind() == CommandKind.ACTION;
        InboundRecord record = command.record();
        Asked asked = jdbc
                .query(
                        "select s.status, s.first_sent_at > q.quarantined_at as is_anew from saga_step s, saga_inbox_quarantine q"
                                + " where s.saga_id = ? and s.step = ? and s.participant = ?"
                                + " and q.topic = ? and q.partition_no = ? and q.offset_no = ?",
                        (row, number) -> new Asked(row.getString("status"), row.getBoolean("is_anew")),
                        command.sagaId(),
                        command.step(),
                        participant,
                        record.topic(),
                        record.partition(),
                        record.offset())
                .stream()
                .findFirst()
                .orElse(new Asked("", false));
        String status = asked.status();
        Set<String> awaiting = isAction ? Set.of("SENT", "UNKNOWN") : Set.of("COMPENSATING", "COMPENSATION_FAILED");
        if (owner.phase().isTerminal() || !awaiting.contains(status) || (isAction && owner.isTurnedBack())) {
            throw new RefusedException(
                    Sentence.of(
                            "Its saga does not wait for it any more: the saga is %s%s, and step '%s' is %s. Carried out now, it would have an effect that nobody knows of. If the saga is stuck with this step, retry it; else drop this command.",
                            owner.phase(),
                            owner.isTurnedBack() ? Sentence.of(" and has turned back") : Sentence.NONE,
                            command.step(),
                            status.isEmpty() ? Sentence.of("not begun") : status),
                    null);
        }
        if (asked.isAnew()) {
            throw new RefusedException(
                    Sentence.of(
                            "Step '%s' was asked anew since, perhaps with other data, and only one of the two commands can be carried out. Replay the later one if it was set aside too, or retry the saga; drop this one.",
                            command.step()),
                    null);
        }
    }

    private static RefusedException unreadable(MalformedMessageException trouble) {
        return new RefusedException(
                Sentence.of(
                        "It would be set aside again: %s Drop it, and find out who writes to the topic.",
                        trouble.getMessage()),
                trouble);
    }

    private Optional<Owner> owner(UUID sagaId) {
        return jdbc
                .query(
                        "select phase, cause_code, hlc from saga_instance where saga_id = ?",
                        (row, number) -> new Owner(
                                SagaPhase.valueOf(row.getString("phase")),
                                row.getString("cause_code") != null,
                                row.getLong("hlc")),
                        sagaId)
                .stream()
                .findFirst();
    }

    private static Arguments.Plain at(InboundRecord record) {
        return new Arguments.Plain()
                .value(record.topic())
                .value(record.partition())
                .value(record.offset());
    }

    private Moved move(String sql, Arguments.Plain arguments) {
        return jdbc.query(sql, arguments, (row, number) -> new Moved(row.getLong("taken"), row.getLong("kept")))
                .get(0);
    }

    /** The place in words, as logs and pages have it. */
    public static String place(String topic, int partition, long offset) {
        return new InboundRecord(topic, partition, offset, null, null, Map.of()).place();
    }
}
