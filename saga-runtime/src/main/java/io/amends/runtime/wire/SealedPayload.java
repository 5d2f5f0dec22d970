package io.amends.runtime.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * How an encrypted payload looks: eight bytes that no JSON begins with, the length of the key's id, the id, the nonce, and
 * what AES-GCM made, which ends with its tag. It says itself which key opens it, so that it can be stored anywhere.
 *
 * @param keyId which key was used
 * @param nonce 12 bytes
 * @param sealed the encrypted bytes with their tag
 */
public record SealedPayload(String keyId, byte[] nonce, byte[] sealed) {

    /** The {@code content-type} of a sealed payload. */
    public static final String CONTENT_TYPE = "application/vnd.amends.sealed";

    /** Length of a nonce in bytes. */
    public static final int NONCE_LENGTH = 12;

    private static final int TAG_LENGTH = 16;
    private static final byte[] MARK = "\0amends1".getBytes(StandardCharsets.US_ASCII);

    /** Whether those bytes claim to be a sealed payload. */
    public static boolean isSealed(byte[] payload) {
        return payload.length >= MARK.length && Arrays.equals(payload, 0, MARK.length, MARK, 0, MARK.length);
    }

    /** What those bytes say; empty if they are no sealed payload. */
    public static Optional<SealedPayload> read(byte[] payload) {
        if (!isSealed(payload) || payload.length == MARK.length) {
            return Optional.empty();
        }
        int nonceAt = MARK.length + 1 + Byte.toUnsignedInt(payload[MARK.length]);
        int sealedAt = nonceAt + NONCE_LENGTH;
        if (payload.length < sealedAt + TAG_LENGTH) {
            return Optional.empty();
        }
        String keyId = new String(payload, MARK.length + 1, nonceAt - MARK.length - 1, StandardCharsets.UTF_8);
        byte[] id = keyId.getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(id, 0, id.length, payload, MARK.length + 1, nonceAt)) {
            // Nobody wrote it: what is no UTF-8 is no id.
            return Optional.empty();
        }
        return Optional.of(new SealedPayload(
                keyId,
                Arrays.copyOfRange(payload, nonceAt, sealedAt),
                Arrays.copyOfRange(payload, sealedAt, payload.length)));
    }

    /** The same as bytes. */
    public byte[] bytes() {
        byte[] id = keyId.getBytes(StandardCharsets.UTF_8);
        int nonceAt = MARK.length + 1 + id.length;
        byte[] bytes = Arrays.copyOf(MARK, nonceAt + nonce.length + sealed.length);
        bytes[MARK.length] = (byte) id.length;
        System.arraycopy(id, 0, bytes, MARK.length + 1, id.length);
        System.arraycopy(nonce, 0, bytes, nonceAt, nonce.length);
        System.arraycopy(sealed, 0, bytes, nonceAt + nonce.length, sealed.length);
        return bytes;
    }
}
