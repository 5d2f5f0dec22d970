package io.amends.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.amends.runtime.wire.InboundRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a file of the corpus says what a record is, so that people can read and write it: a header on each line, as
 * {@code name: value}, then an empty line, then the payload. Each byte is one character.
 */
final class RawRecord {

    private RawRecord() {}

    /** Anything is a record: what is no header is one without value. */
    static InboundRecord of(byte[] input, String topic, long offset) {
        String text = new String(input, ISO_8859_1);
        int end = text.indexOf("\n\n");
        String head = end < 0 ? text : text.substring(0, end);
        byte[] payload = end < 0 ? null : text.substring(end + 2).getBytes(ISO_8859_1);
        Map<String, byte[]> headers = new LinkedHashMap<>();
        for (String line : head.split("\n", -1)) {
            int colon = line.indexOf(": ");
            headers.put(
                    colon < 0 ? line : line.substring(0, colon),
                    (colon < 0 ? "" : line.substring(colon + 2)).getBytes(ISO_8859_1));
        }
        return new InboundRecord(topic, 0, offset, "key".getBytes(ISO_8859_1), payload, headers);
    }
}
