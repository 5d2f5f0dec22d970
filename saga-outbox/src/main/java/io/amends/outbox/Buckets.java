package io.amends.outbox;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** Hashes keys to buckets, once and in Java; the bucket is stored with the row. */
final class Buckets {

    /** Fixed: another number would send a key's new rows to another lane while old ones wait. */
    static final int COUNT = 256;

    private Buckets() {}

    /** The bucket of that key, by the hash that Kafka's own partitioner uses. */
    static short of(String key) {
        return (short) (Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)) & (COUNT - 1));
    }
}
