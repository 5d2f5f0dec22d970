package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of an exception's stack, and of what others say of theirs. */
class FramesTest {

    /** Thrown there: {@code class#method:line}, the innermost first. */
    static <T extends Throwable> T thrown(T exception, String... places) {
        exception.setStackTrace(Arrays.stream(places)
                .map(place -> {
                    String[] parts = place.split("[#:]");
                    return new StackTraceElement(parts[0], parts[1], "Any.java", Integer.parseInt(parts[2]));
                })
                .toArray(StackTraceElement[]::new));
        return exception;
    }

    private static List<String> frames(Throwable exception) {
        String frames = Frames.of(exception);
        return frames == null ? List.of() : frames.lines().toList();
    }

    @Test
    void frames_are_the_application_s_without_those_of_the_JDK_of_frameworks_and_of_proxies() {
        assertThat(frames(thrown(
                        new IllegalStateException("card 4711 of Ann"),
                        "java.util.Objects#requireNonNull:220",
                        "com.shop.Till#check:12",
                        "com.shop.Till$$SpringCGLIB$$0#check:-1",
                        "org.springframework.aop.framework.CglibAopProxy#intercept:700",
                        "jdk.proxy2.$Proxy123#charge:0",
                        "com.shop.Desk#charge:40")))
                .containsExactly("com.shop.Till.check:12", "com.shop.Desk.charge:40");
    }

    @Test
    void four_frames_are_kept_the_innermost_first() {
        assertThat(frames(thrown(
                        new IllegalStateException(), "a.A#a:1", "a.A#b:2", "a.A#c:3", "a.A#d:4", "a.A#e:5", "a.A#f:6")))
                .containsExactly("a.A.a:1", "a.A.b:2", "a.A.c:3", "a.A.d:4");
    }

    @Test
    void who_called_the_handler_or_the_saga_has_nothing_to_do_with_it() {
        assertThat(frames(thrown(
                        new IllegalStateException(),
                        "io.amends.outbox.JdbcOutbox#append:90",
                        "com.shop.Till#charge:42",
                        "io.amends.runtime.participant.CommandTransaction#run:100",
                        "com.shop.TillController#post:7")))
                .containsExactly("com.shop.Till.charge:42");
    }

    @Test
    void without_a_frame_of_its_own_an_exception_has_those_of_its_cause() {
        RuntimeException cause = thrown(new IllegalStateException(), "com.shop.Till#charge:42");
        RuntimeException outer = thrown(new IllegalStateException(cause), "java.util.concurrent.FutureTask#get:9");

        assertThat(frames(outer)).containsExactly("com.shop.Till.charge:42");
        assertThat(frames(thrown(new IllegalStateException(), "java.lang.Thread#run:1")))
                .isEmpty();
        assertThat(frames(thrown(new IllegalStateException()))).isEmpty();
    }

    @Test
    void causes_that_go_round_in_a_circle_are_looked_at_a_few_times() {
        RuntimeException one = thrown(new IllegalStateException());
        RuntimeException other = thrown(new IllegalStateException(one));
        one.initCause(other);

        assertThat(frames(other)).isEmpty();
    }

    @Test
    void a_line_that_is_not_known_is_left_out_and_names_are_short_and_without_blanks() {
        assertThat(frames(thrown(new IllegalStateException(), "com.shop.Till#charge:-2")))
                .containsExactly("com.shop.Till.charge");
        assertThat(frames(thrown(new IllegalStateException(), "com.shop.Till#<init>:3")))
                .containsExactly("com.shop.Till.<init>:3");
        assertThat(frames(thrown(new IllegalStateException(), "com.shop.Till#it can't\n\u202ebe:3")))
                .containsExactly("com.shop.Till.it_can_t__be:3");
        assertThat(frames(thrown(new IllegalStateException(), "x.".repeat(500) + "Till#charge:3")))
                .singleElement()
                .asString()
                .hasSize(202)
                .endsWith("x.Till.charge:3");
    }

    @Test
    void what_is_written_is_read() {
        String written = Frames.of(thrown(
                new IllegalStateException(),
                "com.shöp.Till#lambda$charge$0:42",
                "a.A#<clinit>:1",
                "a.B#x-y:-1",
                "a.C$1#z:9"));

        assertThat(written).isNotNull();
        assertThat(Frames.told(String.valueOf(written))).isEqualTo(written);
    }

    @Test
    void of_what_others_tell_four_short_lines_are_kept_that_look_like_frames() {
        assertThat(
                        Frames.told(
                                "a.A.a:1\r\nno frame\n<script>alert(1)</script>\nb.B.b\n\n.c\nd.D.d:x\ne.E.e:12345678\nf.F.f:7"))
                .isEqualTo("a.A.a:1\nb.B.b\nf.F.f:7");
        assertThat(Frames.told("a.A.a\n".repeat(9))).isEqualTo("a.A.a\na.A.a\na.A.a\na.A.a");
        assertThat(Frames.told("a." + "x".repeat(300))).isNull();
        assertThat(Frames.told("a.A.a\n" + "x".repeat(1_000_000) + "\nb.B.b")).isEqualTo("a.A.a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "\n", "a", "secret=1.2", "a.\u0000b", "a.b c", "\u202ea.b", "a.b:", "https://a.b/c"})
    void what_looks_like_no_frame_is_not_kept(String text) {
        assertThat(Frames.told(text)).isNull();
    }
}
