package io.amends.outbox;

import java.nio.charset.StandardCharsets;

/**
 * Hashes keys to buckets, once and in Java; the bucket is stored with the row, and a lane publishes some of them. Safe for use by
 * many threads.
 */
public final class Buckets {

    /** Fixed: another number would send a key's new rows to another lane while old ones wait. */
    static final int COUNT = 256;

    private static final int SEED = 0x9747b28c;
    private static final int FACTOR = 0x5bd1e995;

    private Buckets() {}

    /** The bucket of that key, from 0 to 255, by the hash that Kafka's own partitioner uses; an outbox without Kafka has the same one. */
    public static short of(String key) {
        return (short) (murmur2(key.getBytes(StandardCharsets.UTF_8)) & (COUNT - 1));
    }

    /** Austin Appleby's MurmurHash2 of 32 bits, with the seed that Kafka has chosen. */
    private static int murmur2(byte[] key) {
        int hash = SEED ^ key.length;
        int whole = key.length - key.length % Integer.BYTES;
        for (int i = 0; i < whole; i += Integer.BYTES) {
            int word = littleEndian(key, i, i + Integer.BYTES) * FACTOR;
            hash = (hash * FACTOR) ^ ((word ^ (word >>> 24)) * FACTOR);
        }
        if (whole < key.length) {
            hash = (hash ^ littleEndian(key, whole, key.length)) * FACTOR;
        }
        hash = (hash ^ (hash >>> 13)) * FACTOR;
        return hash ^ (hash >>> 15);
    }

    private static int littleEndian(byte[] bytes, int from, int to) {
        int word = 0;
        for (int i = to - 1; i >= from; i--) {
            word = (word << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return word;
    }
}
