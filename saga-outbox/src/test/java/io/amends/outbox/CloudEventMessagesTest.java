package io.amends.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventMessagesTest {

    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-000000000001");
    private final CloudEventMessages events = new CloudEventMessages(
            "/orders", () -> ID, InstantSource.fixed(Instant.parse("2026-02-03T04:05:06.789123Z")));

    @Test
    void the_attributes_are_headers_and_the_payload_is_the_data() {
        byte[] data = {1, 2};
        OutboxMessage message =
                events.message("orders", "7", "order-placed", "application/json", data, Map.of("subject", "größe"));

        assertThat(message.id()).isEqualTo(ID);
        assertThat(message.payload()).isSameAs(data);
        assertThat(message.type()).isEqualTo("order-placed");
        Map<String, String> headers = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> headers.put(name, new String(value, StandardCharsets.UTF_8)));
        assertThat(headers)
                .containsExactly(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", ID.toString()),
                        Map.entry("ce_source", "/orders"),
                        Map.entry("ce_type", "order-placed"),
                        Map.entry("ce_time", "2026-02-03T04:05:06.789Z"),
                        Map.entry("content-type", "application/json"),
                        Map.entry("ce_subject", "größe"));
    }

    @Test
    void ids_that_are_made_here_are_of_version_7_and_tell_of_now() {
        UUID id = CloudEventMessages.from("/orders")
                .message("orders", "7", "t", "text/plain", new byte[0])
                .id();
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.getMostSignificantBits() >>> 16).isCloseTo(System.currentTimeMillis(), within(60_000));
    }

    private static org.assertj.core.data.Offset<Long> within(long millis) {
        return org.assertj.core.api.Assertions.within(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "with-hyphen", "id", "time", "data", "longer4than20characters"})
    void attributes_that_cloudevents_does_not_allow_are_refused(String name) {
        assertThatThrownBy(() -> events.message("orders", "7", "t", "text/plain", new byte[0], Map.of(name, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "not a uri"})
    void a_source_that_is_no_uri_reference_is_refused(String source) {
        assertThatThrownBy(() -> CloudEventMessages.from(source)).isInstanceOf(IllegalArgumentException.class);
    }
}
