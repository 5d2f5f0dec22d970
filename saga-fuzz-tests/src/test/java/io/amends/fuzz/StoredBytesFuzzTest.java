package io.amends.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.amends.outbox.HeaderCodec;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.runtime.wire.SealedPayload;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** Stored headers, payloads and sealed payloads are read as what they are, or refused in the way that is documented. */
class StoredBytesFuzzTest {

    private static final JacksonPayloadCodec CODEC = new JacksonPayloadCodec();

    @FuzzTest(maxDuration = "30s")
    void stored_headers_are_read_or_refused_as_damaged(byte[] input) {
        Map<String, byte[]> headers;
        try {
            headers = HeaderCodec.decode(input);
        } catch (IllegalArgumentException damaged) {
            assertThat(damaged).hasMessageStartingWith("Stored headers are damaged");
            return;
        }
        assertThat(HeaderCodec.decode(HeaderCodec.encode(headers)))
                .usingRecursiveComparison()
                .isEqualTo(headers);
    }

    @FuzzTest(maxDuration = "30s")
    void a_payload_is_read_or_refused_without_being_quoted(byte[] input) {
        Warehouse.Reserve command;
        try {
            command = CODEC.decode(input, Warehouse.Reserve.class);
        } catch (PayloadException refused) {
            assertThat(refused.getMessage())
                    .startsWith(input.length + " bytes ")
                    .hasSizeLessThan(300);
            return;
        }
        Assertions.assertEquals(command, CODEC.decode(CODEC.encode(command), Warehouse.Reserve.class));
    }

    @FuzzTest(maxDuration = "30s")
    void a_sealed_payload_is_read_as_it_was_written_or_not_at_all(byte[] input) {
        SealedPayload.read(input).ifPresent(read -> {
            assertThat(SealedPayload.isSealed(input)).isTrue();
            assertThat(SealedPayload.read(read.bytes()).orElseThrow())
                    .usingRecursiveComparison()
                    .isEqualTo(read);
        });
    }
}
