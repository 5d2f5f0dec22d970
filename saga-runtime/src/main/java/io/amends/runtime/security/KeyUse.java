package io.amends.runtime.security;

/** What a key is for. */
public enum KeyUse {
    /** HMAC-SHA-256, with 32 bytes or more. */
    SIGNATURE("HmacSHA256", 32, 1024),
    /** AES-256-GCM, with 32 bytes. */
    ENCRYPTION("AES", 32, 32);

    private final String algorithm;
    private final int least;
    private final int most;

    KeyUse(String algorithm, int least, int most) {
        this.algorithm = algorithm;
        this.least = least;
        this.most = most;
    }

    /** The name that Java's cryptography has for such keys. */
    public String algorithm() {
        return algorithm;
    }

    /** How many bytes a key must have at least. */
    public int least() {
        return least;
    }

    /** How many bytes a key may have at most. */
    public int most() {
        return most;
    }
}
