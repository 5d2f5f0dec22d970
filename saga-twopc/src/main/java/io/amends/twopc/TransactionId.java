package io.amends.twopc;

import java.util.UUID;

/**
 * Names one attempt of a transaction over several participants. An attempt that is run again has another one.
 *
 * @param value a UUID that nobody else has; version 7, so that decisions lie in the order in which they were made
 */
public record TransactionId(UUID value) {

    /** 32 hexadecimal digits, as in a {@link Gid}. */
    public String hex() {
        return value.toString().replace("-", "");
    }

    /**
     * From 32 hexadecimal digits.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static TransactionId ofHex(String hex) {
        if (!hex.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("A transaction id is 32 hexadecimal digits in lower case");
        }
        return new TransactionId(new UUID(
                Long.parseUnsignedLong(hex.substring(0, 16), 16), Long.parseUnsignedLong(hex.substring(16), 16)));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
