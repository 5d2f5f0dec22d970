package io.amends.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToldErrorTest {

    private static @Nullable String told(byte[] header) {
        return ToldError.in(new InboundRecord("t", 0, 0, null, null, Map.of(WireHeaders.SAGA_ERROR, header)));
    }

    private static @Nullable String told(String header) {
        return told(header.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "java.lang.IllegalStateException: no paper | IllegalStateException: no paper",
                "java.lang.IllegalStateException | IllegalStateException",
                "io.shop.Depot$Full: at shelf 7 | Depot$Full: at shelf 7",
                "no exception at all | no exception at all"
            })
    void an_exception_is_told_without_its_packages(String exception, String expected) {
        assertThat(ToldError.of(exception)).isEqualTo(expected);
    }

    @Test
    void a_text_of_many_dots_is_told_as_any_other() {
        assertThat(ToldError.of("a.".repeat(50_000))).hasSize(300).startsWith("a.a.");
        assertThat(ToldError.of("a.".repeat(50_000) + "B: first")).isEqualTo("B: first");
    }

    @Test
    void only_the_first_line_is_told_and_no_more_than_300_characters() {
        assertThat(ToldError.of("a.B: first\n\tat x.y(Z.java:3)")).isEqualTo("B: first");
        assertThat(ToldError.of("a.B: " + "x".repeat(5_000))).hasSize(300);
        assertThat(ToldError.of("\uD83D\uDE00".repeat(400).substring(1)))
                .doesNotContain("\uD83D ")
                .hasSizeLessThanOrEqualTo(300);
        assertThat(ToldError.of("")).isNull();
        assertThat(ToldError.of(" \u0007 \n")).isNull();
    }

    @Test
    void what_others_send_is_one_line_without_control_characters_and_not_longer_than_ours() {
        assertThat(told("bad\r\nnews\u0000\u202e!")).isEqualTo("bad news !");
        assertThat(told("x".repeat(1_000_000))).hasSize(300);
        assertThat(told("\n")).isNull();
        assertThat(told(new byte[] {(byte) 0xff, 'a'})).endsWith("a");
        assertThat(ToldError.in(new InboundRecord("t", 0, 0, null, null, Map.of())))
                .isNull();
    }

    @Test
    void of_frames_that_others_send_those_are_kept_that_look_like_some() {
        assertThat(frames("a.B.c:7\nat a.B.d(B.java:3)\na.B.e")).isEqualTo("a.B.c:7\na.B.e");
        assertThat(frames("x".repeat(1_000_000))).isNull();
        assertThat(ToldError.framesIn(new InboundRecord("t", 0, 0, null, null, Map.of())))
                .isNull();
    }

    private static @Nullable String frames(String header) {
        return ToldError.framesIn(new InboundRecord(
                "t", 0, 0, null, null, Map.of(WireHeaders.SAGA_ERROR_FRAMES, header.getBytes(StandardCharsets.UTF_8))));
    }
}
