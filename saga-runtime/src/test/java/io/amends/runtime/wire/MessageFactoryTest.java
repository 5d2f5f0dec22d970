package io.amends.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TraceHeaders;
import io.amends.runtime.wire.MessageFactory.CommandHeader;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A saga is one trace: its first command takes the starter's, and what a message causes goes on with its. */
class MessageFactoryTest {

    private static final UUID SAGA = UUID.randomUUID();

    private Map<String, byte[]> current = trace("00-starter-1-01", "v=1");
    private final MessageFactory messages =
            new MessageFactory(UUID::randomUUID, () -> 0, "application/json", () -> current);

    @Test
    void a_command_that_no_message_caused_takes_the_trace_of_the_moment() {
        assertThat(traceOf(command(null))).isEqualTo("00-starter-1-01 v=1");
    }

    @Test
    void a_reply_goes_on_with_the_trace_of_its_command() {
        OutboxMessage command = command(null);
        current = trace("00-other-2-01", "v=2");

        assertThat(traceOf(reply(received(command)))).isEqualTo("00-starter-1-01 v=1");
    }

    @Test
    void a_reply_names_its_command_and_where_that_was_read_if_it_was_read_somewhere() {
        OutboxMessage command = command(null);

        SagaMessage reply = received(reply(read("saga.bank.commands", command)));

        assertThat(reply.causationId()).isEqualTo(command.id());
        assertThat(reply.commandPlace()).isEqualTo("saga.bank.commands-3@42");
        assertThat(reply(read("", command)).headers()).doesNotContainKey(WireHeaders.COMMAND_PLACE);
    }

    private static SagaMessage read(String topic, OutboxMessage message) {
        return SagaMessage.command(new InboundRecord(topic, 3, 42, null, message.payload(), message.headers()));
    }

    @Test
    void the_next_command_goes_on_with_the_trace_of_the_reply() {
        SagaMessage reply = received(reply(received(command(null))));
        current = trace("00-other-2-01", "v=2");

        assertThat(traceOf(command(reply))).isEqualTo("00-starter-1-01 v=1");
    }

    @Test
    void a_cause_without_vendors_data_gets_none_of_another_trace() {
        current = Map.of(TraceHeaders.TRACE_PARENT, bytes("00-starter-1-01"));
        SagaMessage command = received(command(null));
        current = trace("00-other-2-01", "v=2");

        assertThat(traceOf(reply(command))).isEqualTo("00-starter-1-01 null");
    }

    @Test
    void after_a_cause_without_a_trace_the_one_of_the_moment_is_taken() {
        current = Map.of();
        SagaMessage command = received(command(null));
        current = trace("00-participant-2-01", "v=2");

        assertThat(traceOf(reply(command))).isEqualTo("00-participant-2-01 v=2");
    }

    @Test
    void what_nothing_caused_tells_its_trace_if_that_is_one() {
        assertThat(messages.traceId()).isNull();
        current = Map.of(TraceHeaders.TRACE_PARENT, bytes("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assertThat(messages.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    private OutboxMessage command(@Nullable SagaMessage cause) {
        return messages.command(
                new CommandHeader(SAGA, "transfer", 1, "debit", CommandKind.ACTION, 1, 1, 0, 0, cause),
                "bank",
                "debit",
                new byte[0]);
    }

    private OutboxMessage reply(SagaMessage command) {
        return messages.reply(command, "bank", "debited", Outcome.SUCCESS, new byte[0], 0);
    }

    private static SagaMessage received(OutboxMessage message) {
        return new SagaMessage(
                new InboundRecord(message.topic(), 0, 0, null, message.payload(), message.headers()),
                message.id(),
                "bank",
                message.type(),
                SAGA,
                "transfer",
                1,
                "debit",
                CommandKind.ACTION,
                null,
                0,
                1,
                "",
                0);
    }

    private static String traceOf(OutboxMessage message) {
        return text(message, TraceHeaders.TRACE_PARENT) + " " + text(message, TraceHeaders.TRACE_STATE);
    }

    private static @Nullable String text(OutboxMessage message, String header) {
        byte[] value = message.headers().get(header);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> trace(String parent, String state) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put(TraceHeaders.TRACE_PARENT, bytes(parent));
        headers.put(TraceHeaders.TRACE_STATE, bytes(state));
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
