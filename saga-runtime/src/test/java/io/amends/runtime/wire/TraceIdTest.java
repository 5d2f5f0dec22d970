package io.amends.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdTest {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String REST = "-00f067aa0ba902b7-01";

    private static Map<String, byte[]> parent(String text) {
        return Map.of("traceparent", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void it_stands_in_the_header_also_of_later_versions() {
        assertThat(TraceId.in(parent("00-" + ID + REST))).isEqualTo(ID);
        assertThat(TraceId.in(parent("cc-" + ID + REST + "-what-will-be"))).isEqualTo(ID);
        assertThat(TraceId.in(Map.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-\"><script>alert(1)</script>aaaaaaaaaaa-00f067aa0ba902b7-01",
                "00-../../../../../../../etc/passwd-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
            })
    void a_header_that_says_something_else_has_none(String header) {
        assertThat(TraceId.in(parent(header))).isNull();
    }

    @Test
    void a_header_without_end_is_not_read() {
        assertThat(TraceId.in(parent("00-" + ID + REST + "-" + "x".repeat(1 << 20))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "javascript:alert(1)", ID + "\n", ID + "0", "٤bf92f3577b34da6a3ce929d0e0e4736"})
    void a_text_that_is_none_is_not_taken_for_one(String text) {
        assertThat(TraceId.checked(text)).isNull();
        assertThat(TraceId.checked(ID)).isEqualTo(ID);
        assertThat(TraceId.checked(null)).isNull();
    }
}
