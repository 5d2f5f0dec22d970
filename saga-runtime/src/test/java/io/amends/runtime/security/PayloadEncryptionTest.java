package io.amends.runtime.security;

import static io.amends.runtime.security.Protected.SAGA;
import static io.amends.runtime.security.Protected.command;
import static io.amends.runtime.security.Protected.header;
import static io.amends.runtime.security.Protected.messages;
import static io.amends.runtime.security.Protected.received;
import static io.amends.runtime.security.Protected.sealing;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.SealedPayload;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import io.amends.saga.SubSagaCommand;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadEncryptionTest {

    private static final String SECRET = "{\"iban\":\"DE00\"}";

    private final MessageProtection required = sealing("e1", true);
    private final InboundRecord sealed = received(command(required, SECRET));

    @Test
    void who_has_the_key_reads_the_payload_and_nobody_else() {
        assertThat(new String(sealed.value(), UTF_8)).doesNotContain("iban", "DE00");
        assertThat(sealed.text(WireHeaders.CONTENT_TYPE)).isEqualTo(SealedPayload.CONTENT_TYPE);
        assertThat(opened(required, sealed)).isEqualTo(SECRET);
    }

    @Test
    void what_is_kept_of_an_opened_message_is_the_sealed_one() {
        SagaMessage message = SagaMessage.command(sealed);
        required.open(message);
        assertThat(message.record().value()).isEqualTo(sealed.value());
    }

    @ParameterizedTest
    @CsvSource({
        "ce_correlationid, 019364f0-0000-7000-8000-000000000002",
        "saga_name, other",
        "saga_step, credit",
        "saga_kind, compensation",
        "ce_type, credit"
    })
    void a_payload_can_not_be_moved_to_another_saga_step_kind_or_type(String header, String value) {
        InboundRecord moved = Protected.with(sealed, header, value.getBytes(UTF_8));
        assertThat(refusal(SagaMessage.command(moved))).isEqualTo("BAD_ENCRYPTION");
    }

    @ParameterizedTest
    @CsvSource({"saga_child_name, other", "saga_child_key, other", "saga_child_key,"})
    void the_payload_of_a_command_that_starts_a_saga_starts_no_other_one(String header, @Nullable String value) {
        InboundRecord start = received(messages(required)
                .command(
                        header(SAGA, "book", CommandKind.ACTION, 1),
                        "booking",
                        new SubSagaCommand("booking", SagaKey.of("b1"), "data"),
                        SECRET.getBytes(UTF_8)));
        assertThat(opened(required, start)).isEqualTo(SECRET);

        InboundRecord changed = Protected.with(start, header, value == null ? null : value.getBytes(UTF_8));
        assertThat(refusal(SagaMessage.command(changed))).isEqualTo("BAD_ENCRYPTION");
    }

    @Test
    void a_replys_payload_tells_no_other_outcome_and_answers_no_command_of_another_type() {
        InboundRecord reply = received(Protected.reply(required, SECRET));
        assertThat(new String(required.open(SagaMessage.reply(reply)).payload(), UTF_8))
                .isEqualTo(SECRET);

        InboundRecord turned = Protected.with(reply, WireHeaders.SAGA_OUTCOME, "rejection".getBytes(UTF_8));
        assertThat(refusal(SagaMessage.reply(turned))).isEqualTo("BAD_ENCRYPTION");
        assertThat(refusal(SagaMessage.command(reply))).isEqualTo("BAD_ENCRYPTION");
    }

    @Test
    void whatever_byte_is_changed_or_missing_is_noticed() {
        byte[] payload = sealed.value();
        for (int i = 8; i < payload.length; i++) {
            byte[] changed = payload.clone();
            changed[i] ^= 1;
            assertThat(refusal(with(changed))).as("byte %d", i).isIn("BAD_ENCRYPTION", "UNKNOWN_KEY");
        }
        for (int length = 8; length < payload.length; length++) {
            byte[] cut = new byte[length];
            System.arraycopy(payload, 0, cut, 0, length);
            assertThat(refusal(with(cut))).as("%d bytes", length).isIn("BAD_ENCRYPTION", "UNKNOWN_KEY");
        }
    }

    @Test
    void no_two_payloads_have_the_same_nonce() {
        Set<ByteBuffer> nonces = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            nonces.add(
                    ByteBuffer.wrap(SealedPayload.read(command(required, SECRET).payload())
                            .orElseThrow()
                            .nonce()));
        }
        assertThat(nonces).hasSize(1_000);
    }

    @Test
    void while_keys_are_rotated_payloads_of_both_can_be_read() {
        MessageProtection rotated = sealing("e2", true);
        InboundRecord fresh = received(command(rotated, SECRET));

        assertThat(opened(rotated, sealed)).isEqualTo(SECRET);
        assertThat(opened(required, fresh)).isEqualTo(SECRET);
        assertThat(SealedPayload.read(fresh.value()).orElseThrow().keyId()).isEqualTo("e2");
    }

    @Test
    void every_sending_and_every_repeat_can_be_opened() {
        OutboxMessage again = messages(required)
                .command(header(SAGA, "debit", CommandKind.ACTION, 9), "bank", "debit", SECRET.getBytes(UTF_8));
        assertThat(opened(required, received(again))).isEqualTo(SECRET);

        SagaMessage asked = SagaMessage.command(received(again));
        byte[] stored = messages(required).sealedReply(asked, "debited", Outcome.SUCCESS, SECRET.getBytes(UTF_8));
        OutboxMessage repeat =
                messages(sealing("e2", true)).reply(asked, "bank", "debited", Outcome.SUCCESS, stored, 7);
        assertThat(repeat.payload()).isEqualTo(stored);
        assertThat(new String(required.open(SagaMessage.reply(received(repeat))).payload(), UTF_8))
                .isEqualTo(SECRET);
    }

    @Test
    void while_encryption_is_introduced_plain_payloads_are_taken_and_later_refused() {
        InboundRecord plain = received(command(sealing(null, false), SECRET));
        assertThat(opened(sealing(null, false), plain)).isEqualTo(SECRET);
        assertThat(refusal(SagaMessage.command(plain))).isEqualTo("NOT_ENCRYPTED");
        assertThat(opened(sealing(null, false), sealed)).isEqualTo(SECRET);
    }

    @Test
    void a_message_without_payload_needs_no_encryption() {
        InboundRecord empty = received(command(required, ""));
        assertThat(empty.value()).isEmpty();
        assertThat(required.open(SagaMessage.command(empty)).payload()).isEmpty();
    }

    @Test
    void who_has_no_keys_at_all_says_so() {
        MalformedMessageException refused = catchThrowableOfType(
                MalformedMessageException.class, () -> MessageSecurity.NONE.open(SagaMessage.command(sealed)));
        assertThat(refused.reasonCode()).isEqualTo("UNKNOWN_KEY");
        assertThat(refused).hasMessageContaining("saga.security.encryption.keys");
    }

    @Test
    void an_id_that_another_saga_has_is_not_enough() {
        OutboxMessage other = messages(required)
                .command(
                        header(UUID.randomUUID(), "debit", CommandKind.ACTION, 1),
                        "bank",
                        "debit",
                        SECRET.getBytes(UTF_8));
        assertThat(refusal(with(other.payload()))).isEqualTo("BAD_ENCRYPTION");
        assertThat(required.refused("BAD_ENCRYPTION")).isEqualTo(1);
    }

    private SagaMessage with(byte[] payload) {
        return SagaMessage.command(Protected.withPayload(sealed, payload));
    }

    private static String opened(MessageProtection protection, InboundRecord record) {
        return new String(protection.open(SagaMessage.command(record)).payload(), UTF_8);
    }

    private String refusal(SagaMessage message) {
        return catchThrowableOfType(MalformedMessageException.class, () -> required.open(message))
                .reasonCode();
    }
}
