package io.amends.runtime.security;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bytes in which no two different lists of fields look the same: each field has its length before it. For one thread. */
final class Fields {

    private static final int NONE = -1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    /** One more field. */
    Fields add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One more field; null differs from one without bytes. */
    Fields add(byte @Nullable [] field) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt(field == null ? NONE : field.length)
                .array());
        if (field != null) {
            bytes.writeBytes(field);
        }
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
