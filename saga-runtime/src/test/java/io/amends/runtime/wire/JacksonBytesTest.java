package io.amends.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JacksonBytesTest {

    record Before(String zebra, int ant, Map<String, Integer> map) {}

    record After(Map<String, Integer> map, String zebra, int ant) {}

    /** Refers to itself without end. */
    static final class Endless {
        public Endless getSelf() {
            return this;
        }
    }

    private final JacksonPayloadCodec codec = new JacksonPayloadCodec();

    @Test
    void equal_values_give_equal_bytes_even_after_the_components_of_a_record_changed_places() {
        Map<String, Integer> one = new LinkedHashMap<>();
        one.put("b", 2);
        one.put("a", 1);
        Map<String, Integer> other = new LinkedHashMap<>();
        other.put("a", 1);
        other.put("b", 2);
        assertThat(text(new Before("z", 7, one)))
                .isEqualTo(text(new After(other, "z", 7)))
                .isEqualTo("{\"ant\":7,\"map\":{\"a\":1,\"b\":2},\"zebra\":\"z\"}");
    }

    @Test
    void no_class_name_in_the_bytes_is_followed() {
        assertThat(codec.decode(bytes("{\"@class\":\"javax.swing.JFrame\",\"zebra\":\"z\",\"ant\":1}"), Before.class))
                .isInstanceOf(Before.class);
    }

    @Test
    void a_value_that_can_not_be_written_is_refused_with_its_type() {
        assertThatThrownBy(() -> codec.encode(new Endless()))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("Endless");
    }

    private String text(Object value) {
        return new String(codec.encode(value), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
