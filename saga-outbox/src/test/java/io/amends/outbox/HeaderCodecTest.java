package io.amends.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderCodecTest {

    @Test
    void headers_come_back_as_they_were_and_in_their_order() {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("z", new byte[] {0, -1});
        headers.put("", new byte[] {1});
        headers.put("größe", new byte[0]);
        headers.put("a", new byte[70_000]);

        Map<String, byte[]> decoded = HeaderCodec.decode(HeaderCodec.encode(headers));

        assertThat(decoded.keySet()).containsExactly("z", "", "größe", "a");
        decoded.forEach((name, value) -> assertThat(value).isEqualTo(headers.get(name)));
    }

    @Test
    void no_headers_are_no_bytes() {
        assertThat(HeaderCodec.encode(Map.of())).isEmpty();
        assertThat(HeaderCodec.decode(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8, 9})
    void bytes_that_end_too_early_are_damaged(int length) {
        byte[] whole = HeaderCodec.encode(Map.of("n", new byte[] {7}));
        assertThatThrownBy(() -> HeaderCodec.decode(Arrays.copyOf(whole, length)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void lengths_that_cannot_be_are_damaged() {
        assertThatThrownBy(() -> HeaderCodec.decode(new byte[] {-1, -1, -1, -1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a length of -1");
        assertThatThrownBy(() -> HeaderCodec.decode(new byte[] {127, -1, -1, -1, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("where 1 bytes are left");
    }
}
