package io.amends.outbox;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Headers as one array of bytes: for each the name's length, the name in UTF-8, the value's length, the value. */
public final class HeaderCodec {

    private HeaderCodec() {}

    /** The headers as bytes, in their order. */
    public static byte[] encode(Map<String, byte[]> headers) {
        List<byte[]> parts = new ArrayList<>(2 * headers.size());
        int bytes = 0;
        for (Map.Entry<String, byte[]> header : headers.entrySet()) {
            byte[] name = header.getKey().getBytes(StandardCharsets.UTF_8);
            parts.add(name);
            parts.add(header.getValue());
            bytes += 2 * Integer.BYTES + name.length + header.getValue().length;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        parts.forEach(part -> out.putInt(part.length).put(part));
        return out.array();
    }

    /**
     * The headers in those bytes.
     *
     * @throws IllegalArgumentException if they are not what {@link #encode} makes
     */
    public static Map<String, byte[]> decode(byte[] bytes) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            String name = new String(read(in), StandardCharsets.UTF_8);
            headers.put(name, read(in));
        }
        return headers;
    }

    private static byte[] read(ByteBuffer in) {
        try {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("Stored headers are damaged: a length of %d where %d bytes are left."
                        .formatted(length, in.remaining()));
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        } catch (BufferUnderflowException tooShort) {
            throw new IllegalArgumentException("Stored headers are damaged: they end within a length.", tooShort);
        }
    }
}
