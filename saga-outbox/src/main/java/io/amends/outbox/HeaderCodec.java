package io.amends.outbox;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Headers as one array of bytes: for each the name's length, the name in UTF-8, the value's length, the value. */
public final class HeaderCodec {

    private HeaderCodec() {}

    /** The headers as bytes, in their order. */
    public static byte[] encode(Map<String, byte[]> headers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 * headers.size());
        headers.forEach((name, value) -> {
            write(out, name.getBytes(StandardCharsets.UTF_8));
            write(out, value);
        });
        return out.toByteArray();
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

    private static void write(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
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
