package io.amends.runtime.security;

import static io.amends.runtime.security.Protected.command;
import static io.amends.runtime.security.Protected.received;
import static io.amends.runtime.security.Protected.signing;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.WireHeaders;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageSignaturesTest {

    private static final String SECRET = "{\"iban\":\"DE00\"}";

    private final MessageProtection required = signing("s1", true);
    private final InboundRecord good = received(command(required, SECRET));

    @Test
    void a_signed_message_is_good_and_its_signature_is_text() {
        assertThatCode(() -> required.verify(good)).doesNotThrowAnyException();
        assertThat(good.text(WireHeaders.SIGNATURE)).matches("[A-Za-z0-9+/]{43}=");
        assertThat(good.text(WireHeaders.KEY_ID)).isEqualTo("s1");
        assertThat(required.unsigned()).isZero();
    }

    static Stream<String> headers() {
        return Stream.concat(
                received(Protected.reply(signing("s1", true), SECRET)).headers().keySet().stream(),
                // Absent so far: it may not be put there either.
                Stream.of(WireHeaders.SAGA_ERROR, WireHeaders.CHILD_NAME, "ce_later", "saga_later"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void whatever_header_is_changed_added_or_taken_away_is_noticed(String header) {
        InboundRecord reply = received(Protected.reply(required, SECRET));

        assertThat(refusal(Protected.with(reply, header, "forged".getBytes(UTF_8))))
                .isIn("BAD_SIGNATURE", "UNKNOWN_KEY");
        if (reply.text(header) != null) {
            assertThat(refusal(Protected.with(reply, header, null))).isIn("BAD_SIGNATURE", "NO_SIGNATURE");
        }
    }

    @Test
    void payload_topic_and_key_are_signed_too() {
        assertThat(refusal(Protected.withPayload(good, "{}".getBytes(UTF_8)))).isEqualTo("BAD_SIGNATURE");
        assertThat(refusal(Protected.withPayload(good, null))).isEqualTo("BAD_SIGNATURE");
        assertThat(refusal(new InboundRecord("saga.other.commands", 0, 17, good.key(), good.value(), good.headers())))
                .isEqualTo("BAD_SIGNATURE");
        assertThat(refusal(new InboundRecord(good.topic(), 0, 17, "k".getBytes(UTF_8), good.value(), good.headers())))
                .isEqualTo("BAD_SIGNATURE");
    }

    @Test
    void bytes_can_not_be_moved_from_one_field_to_the_next() {
        byte[] type = good.headers().get(WireHeaders.TYPE);
        InboundRecord moved =
                Protected.with(Protected.with(good, WireHeaders.TYPE, new byte[0]), WireHeaders.TYPE + "x", type);
        assertThat(refusal(moved)).isEqualTo("BAD_SIGNATURE");
    }

    @Test
    void a_header_can_not_be_given_another_name() {
        byte[] step = good.headers().get(WireHeaders.SAGA_STEP);
        InboundRecord renamed = Protected.with(Protected.with(good, WireHeaders.SAGA_STEP, null), "saga_stepp", step);
        assertThat(refusal(renamed)).isEqualTo("BAD_SIGNATURE");
    }

    @Test
    void headers_of_others_may_be_added_on_the_way() {
        InboundRecord traced = Protected.with(good, "traceparent", "00-1-2-01".getBytes(UTF_8));
        assertThatCode(() -> required.verify(traced)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "AAAA", "\0"})
    void what_is_no_signature_is_refused_as_a_wrong_one(String signature) {
        assertThat(refusal(Protected.with(good, WireHeaders.SIGNATURE, signature.getBytes(UTF_8))))
                .isEqualTo("BAD_SIGNATURE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../s1", "s1\n", "sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"})
    void what_is_no_id_of_a_key_is_not_looked_up(String id) {
        assertThat(refusal(Protected.with(good, WireHeaders.KEY_ID, id.getBytes(UTF_8))))
                .isEqualTo("BAD_SIGNATURE");
    }

    @Test
    void while_keys_are_rotated_messages_of_both_are_good() {
        MessageProtection rotated = signing("s2", true);
        OutboxMessage fresh = command(rotated, SECRET);

        assertThatCode(() -> rotated.verify(good)).doesNotThrowAnyException();
        assertThatCode(() -> required.verify(received(fresh))).doesNotThrowAnyException();
        assertThat(received(fresh).text(WireHeaders.KEY_ID)).isEqualTo("s2");
    }

    @Test
    void a_key_that_is_retired_is_good_no_longer() {
        InboundRecord old = Protected.with(good, WireHeaders.KEY_ID, "s0".getBytes(UTF_8));
        assertThat(refusal(old)).isEqualTo("UNKNOWN_KEY");
    }

    @Test
    void without_a_signature_a_message_is_refused_where_they_are_required() {
        assertThat(refusal(received(command(signing(null, false), SECRET)))).isEqualTo("NO_SIGNATURE");
        assertThat(required.refused("NO_SIGNATURE")).isEqualTo(1);
    }

    @Test
    void while_signatures_are_introduced_unsigned_messages_are_taken_and_counted_and_wrong_ones_are_not() {
        MessageProtection lenient = signing(null, false);
        InboundRecord unsigned = received(command(lenient, SECRET));

        assertThatCode(() -> lenient.verify(unsigned)).doesNotThrowAnyException();
        assertThatCode(() -> lenient.verify(good)).doesNotThrowAnyException();
        assertThat(lenient.unsigned()).isEqualTo(1);
        assertThat(catchThrowableOfType(
                                MalformedMessageException.class,
                                () -> lenient.verify(Protected.withPayload(good, new byte[0])))
                        .reasonCode())
                .isEqualTo("BAD_SIGNATURE");
    }

    @Test
    void a_topic_may_be_left_out_while_its_senders_sign_not_yet() {
        InboundRecord unsigned = received(command(signing(null, false), SECRET));
        assertThatCode(() -> signing("s1", true, unsigned.topic()).verify(unsigned))
                .doesNotThrowAnyException();
    }

    @Test
    void an_error_names_the_place_and_never_the_payload() {
        assertThat(catchThrowableOfType(
                        MalformedMessageException.class,
                        () -> required.verify(Protected.with(good, WireHeaders.SAGA_STEP, "x".getBytes(UTF_8)))))
                .hasMessageContaining(good.place())
                .hasMessageNotContaining("DE00");
    }

    private String refusal(InboundRecord record) {
        return catchThrowableOfType(MalformedMessageException.class, () -> required.verify(record))
                .reasonCode();
    }
}
