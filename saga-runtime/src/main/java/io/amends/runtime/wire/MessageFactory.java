package io.amends.runtime.wire;

import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TraceHeaders;
import io.amends.saga.Command;
import io.amends.saga.MessageTypes;
import io.amends.saga.SubSagaCommand;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the outbox messages of commands and replies. Safe for use by many threads if its suppliers are. */
public final class MessageFactory {

    private final Supplier<UUID> ids;
    private final LongSupplier millis;
    private final String contentType;
    private final TraceHeaders trace;
    private final MessageSecurity security;

    /**
     * @param ids makes message ids, UUIDv7
     * @param millis physical time in milliseconds since 1970
     * @param contentType of every payload that is not encrypted
     * @param trace the trace of a message that no other one caused; one that was caused goes on with its cause's
     * @param security what protects the messages that are made, and those that come
     */
    public MessageFactory(
            Supplier<UUID> ids, LongSupplier millis, String contentType, TraceHeaders trace, MessageSecurity security) {
        this.ids = ids;
        this.millis = millis;
        this.contentType = contentType;
        this.trace = trace;
        this.security = security;
    }

    /** Without protection; see the other constructor. */
    public MessageFactory(Supplier<UUID> ids, LongSupplier millis, String contentType, TraceHeaders trace) {
        this(ids, millis, contentType, trace, MessageSecurity.NONE);
    }

    /** Without traces; see the other constructor. */
    public MessageFactory(Supplier<UUID> ids, LongSupplier millis, String contentType) {
        this(ids, millis, contentType, TraceHeaders.NONE);
    }

    /** What protects its messages; whoever takes messages has it look at them first. */
    public MessageSecurity security() {
        return security;
    }

    /** What a command says besides its payload. */
    public record CommandHeader(
            UUID sagaId,
            String sagaName,
            int sagaVersion,
            String step,
            CommandKind kind,
            int attempt,
            long sequence,
            long clock,
            int round,
            @Nullable SagaMessage cause) {}

    /** A command to a participant. */
    public OutboxMessage command(CommandHeader header, String participant, String type, byte[] payload) {
        return command(header, participant, type, payload, null);
    }

    /**
     * A command to a participant.
     *
     * @param payload the command's bytes; of a {@link SubSagaCommand} those of its data, since the rest is in the headers
     */
    public OutboxMessage command(CommandHeader header, String participant, Command<?> command, byte[] payload) {
        SubSagaCommand starts = command instanceof SubSagaCommand child ? child : null;
        return command(header, participant, MessageTypes.nameOf(command.getClass()), payload, starts);
    }

    private OutboxMessage command(
            CommandHeader header, String participant, String type, byte[] payload, @Nullable SubSagaCommand starts) {
        UUID id = ids.get();
        byte[] sealed = security.seal(
                new PayloadContext(
                        header.sagaName(),
                        header.sagaId(),
                        header.step(),
                        header.kind(),
                        type,
                        null,
                        starts == null ? null : starts.saga(),
                        starts == null ? null : starts.key().value()),
                payload);
        Map<String, byte[]> headers =
                base(id, "saga/" + header.sagaName(), type, header.sagaId(), header.cause(), sealed);
        put(headers, WireHeaders.SEQUENCE, "%020d".formatted(header.sequence()));
        saga(headers, header.sagaName(), header.sagaVersion(), header.step(), header.kind());
        put(headers, WireHeaders.SAGA_ATTEMPT, Integer.toString(header.attempt()));
        put(headers, WireHeaders.SAGA_CLOCK, Long.toString(header.clock()));
        round(headers, header.round());
        if (starts != null) {
            put(headers, WireHeaders.CHILD_NAME, starts.saga());
            put(headers, WireHeaders.CHILD_KEY, starts.key().value());
        }
        return security.sign(new OutboxMessage(
                id, Topics.commands(participant), header.sagaId().toString(), type, sealed, headers));
    }

    /** A reply to a command; it says which attempt it answers, so that a late error is told from the current one. */
    public OutboxMessage reply(
            SagaMessage command, String participant, String type, Outcome outcome, byte[] payload, long clock) {
        return reply(command, participant, type, outcome, payload, clock, ToldError.NOTHING);
    }

    /**
     * The reply that a command failed.
     *
     * @param error what is told of it
     */
    public OutboxMessage error(SagaMessage command, String participant, String type, long clock, ToldError error) {
        return reply(command, participant, type, Outcome.ERROR, new byte[0], clock, error);
    }

    private OutboxMessage reply(
            SagaMessage command,
            String participant,
            String type,
            Outcome outcome,
            byte[] payload,
            long clock,
            ToldError error) {
        UUID id = ids.get();
        byte[] sealed = sealedReply(command, type, outcome, payload);
        Map<String, byte[]> headers = base(id, participant, type, command.sagaId(), command, sealed);
        if (!command.sequence().isEmpty()) {
            put(headers, WireHeaders.SEQUENCE, command.sequence());
        }
        saga(headers, command.sagaName(), command.sagaVersion(), command.step(), command.kind());
        if (command.attempt() > 0) {
            put(headers, WireHeaders.SAGA_ATTEMPT, Integer.toString(command.attempt()));
        }
        round(headers, command.round());
        put(headers, WireHeaders.SAGA_OUTCOME, outcome.wireName());
        if (error.text() != null) {
            put(headers, WireHeaders.SAGA_ERROR, error.text());
        }
        if (error.frames() != null) {
            put(headers, WireHeaders.SAGA_ERROR_FRAMES, error.frames());
        }
        if (!command.record().topic().isEmpty()) {
            put(headers, WireHeaders.COMMAND_PLACE, command.record().place());
        }
        put(headers, WireHeaders.SAGA_CLOCK, Long.toString(clock));
        return security.sign(new OutboxMessage(
                id, Topics.replies(command.sagaName()), command.sagaId().toString(), type, sealed, headers));
    }

    /** The trace that a message belongs to which no other one caused; null for none. */
    public @Nullable String traceId() {
        return TraceId.in(trace.current());
    }

    /** A reply's payload as it is stored, so that each repeat of the command can be sent it again. */
    public byte[] sealedReply(SagaMessage command, String type, Outcome outcome, byte[] payload) {
        return security.seal(PayloadContext.ofReply(command, type, outcome), payload);
    }

    private Map<String, byte[]> base(
            UUID id, String source, String type, UUID sagaId, @Nullable SagaMessage cause, byte[] payload) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        put(headers, WireHeaders.SPEC_VERSION, "1.0");
        put(headers, WireHeaders.ID, id.toString());
        put(headers, WireHeaders.SOURCE, source);
        put(headers, WireHeaders.TYPE, type);
        put(
                headers,
                WireHeaders.TIME,
                Instant.ofEpochMilli(millis.getAsLong())
                        .truncatedTo(ChronoUnit.MILLIS)
                        .toString());
        put(
                headers,
                WireHeaders.CONTENT_TYPE,
                SealedPayload.isSealed(payload) ? SealedPayload.CONTENT_TYPE : contentType);
        put(headers, WireHeaders.CORRELATION_ID, sagaId.toString());
        if (cause != null) {
            put(headers, WireHeaders.CAUSATION_ID, cause.id().toString());
        }
        // Taken here and not by the outbox: sagas that start together are appended by the thread of one of them.
        if (cause == null || !copy(cause.record(), headers, WireHeaders.TRACE_PARENT)) {
            headers.putAll(trace.current());
        } else {
            copy(cause.record(), headers, WireHeaders.TRACE_STATE);
        }
        return headers;
    }

    private static boolean copy(InboundRecord from, Map<String, byte[]> headers, String name) {
        byte[] value = from.headers().get(name);
        if (value == null) {
            return false;
        }
        headers.put(name, value);
        return true;
    }

    private static void saga(Map<String, byte[]> headers, String name, int version, String step, CommandKind kind) {
        put(headers, WireHeaders.SAGA_NAME, name);
        put(headers, WireHeaders.SAGA_VERSION, Integer.toString(version));
        put(headers, WireHeaders.SAGA_STEP, step);
        put(headers, WireHeaders.SAGA_KIND, kind.wireName());
    }

    private static void round(Map<String, byte[]> headers, int round) {
        if (round > 0) {
            put(headers, WireHeaders.SAGA_ROUND, Integer.toString(round));
        }
    }

    private static void put(Map<String, byte[]> headers, String name, String value) {
        headers.put(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
