package io.amends.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxLimitsTest {

    private static final OutboxLimits SMALL = new OutboxLimits(100, 3, 40, 5, 300);

    @Test
    void what_is_within_the_limits_is_measured_as_key_payload_and_headers() {
        assertThat(SMALL.check(message("ké", new byte[10], Map.of("n", new byte[] {1, 2, 3}))))
                .isEqualTo(3 + 10 + 1 + 3);
        assertThat(SMALL.check(message("k", new byte[99], Map.of()))).isEqualTo(100);
    }

    @Test
    void a_message_of_one_byte_too_many_is_refused() {
        assertRefused("payload", message("k", new byte[100], Map.of()));
        assertRefused("payload", message("k", new byte[90], Map.of("name", new byte[6])));
    }

    @Test
    void a_header_without_a_value_or_a_name_is_refused() {
        Map<@Nullable String, byte @Nullable []> noValue = new HashMap<>();
        noValue.put("absent", null);
        assertThatThrownBy(() -> SMALL.check(message("k", new byte[0], unchecked(noValue))))
                .isInstanceOf(MessageRefusedException.class)
                .hasMessageContaining("without a value: absent");
        Map<@Nullable String, byte @Nullable []> noName = new HashMap<>();
        noName.put(null, new byte[0]);
        assertThatThrownBy(() -> SMALL.check(message("k", new byte[0], unchecked(noName))))
                .isInstanceOf(MessageRefusedException.class)
                .hasMessageContaining("without a name");
    }

    @Test
    void too_many_headers_are_refused() {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            headers.put("h" + i, new byte[0]);
        }
        SMALL.check(message("k", new byte[0], headers));
        headers.put("h3", new byte[0]);
        assertThatThrownBy(() -> SMALL.check(message("k", new byte[0], headers)))
                .isInstanceOf(MessageRefusedException.class)
                .hasMessageContaining("4 headers; the limit is 3");
    }

    @Test
    void too_many_bytes_of_headers_are_refused() {
        SMALL.check(message("k", new byte[0], Map.of("n", new byte[39])));
        assertThatThrownBy(() -> SMALL.check(message("k", new byte[0], Map.of("n", new byte[40]))))
                .isInstanceOf(MessageRefusedException.class)
                .hasMessageContaining("41 bytes")
                .hasMessageContaining("limit is 40");
    }

    @ParameterizedTest
    @ValueSource(strings = {"half \ud83d", "\ude00 half", "\ud83d\ud83d\ude00", " ", "a\0b"})
    void text_that_has_no_utf8_or_says_nothing_is_refused(String text) {
        assertRefused("key", message(text, new byte[0], Map.of()));
        assertRefused("headers", message("k", new byte[0], Map.of(text, new byte[0])));
        assertRefused("type", new OutboxMessage(UUID.randomUUID(), "orders", "k", text, new byte[0], Map.of()));
    }

    @Test
    void whole_surrogate_pairs_are_text_like_any_other() {
        assertThat(SMALL.check(message("\ud83d\ude00", new byte[0], Map.of()))).isEqualTo(4);
    }

    @Test
    void a_transaction_is_allowed_so_many_messages_and_bytes() {
        SMALL.checkTransaction(5, 300);
        assertThatThrownBy(() -> SMALL.checkTransaction(6, 0))
                .isInstanceOf(TransactionTooLargeException.class)
                .hasMessageContaining("6 messages; the limit is 5");
        assertThatThrownBy(() -> SMALL.checkTransaction(1, 301))
                .isInstanceOf(TransactionTooLargeException.class)
                .hasMessageContaining("301 bytes; the limit is 300");
    }

    @Test
    void limits_that_cannot_be_kept_are_refused() {
        assertThatThrownBy(() -> new OutboxLimits(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OutboxLimits(100, -1, 0, 1, 100)).hasMessageContaining("most headers");
        assertThatThrownBy(() -> new OutboxLimits(100, 1001, 0, 1, 100)).hasMessageContaining("most headers");
        assertThatThrownBy(() -> new OutboxLimits(100, 1, -1, 1, 100)).hasMessageContaining("headers");
        assertThatThrownBy(() -> new OutboxLimits(100, 1, 1, 0, 100)).hasMessageContaining("1 message");
        assertThatThrownBy(() -> new OutboxLimits(100, 1, 1, 1, 99)).hasMessageContaining("largest message");
        assertThatThrownBy(() -> new OutboxLimits(100, 1, 1, 1, 1L << 30)).hasMessageContaining("transaction");
    }

    private static void assertRefused(String field, OutboxMessage message) {
        assertThatThrownBy(() -> SMALL.check(message))
                .isInstanceOfSatisfying(
                        MessageRefusedException.class,
                        refusal -> assertThat(refusal.field()).isEqualTo(field));
    }

    private static OutboxMessage message(String key, byte[] payload, Map<String, byte[]> headers) {
        return new OutboxMessage(UUID.randomUUID(), "orders", key, "t", payload, headers);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, byte[]> unchecked(Map<?, ?> headers) {
        return (Map<String, byte[]>) headers;
    }
}
