package io.amends.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private static final long SEED = 20261122;

    @Test
    void a_key_has_the_bucket_that_the_hash_of_kafkas_partitioner_gives_whether_kafka_is_there_or_not() {
        Random random = new Random(SEED);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder key = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                key.appendCodePoint(1 + random.nextInt(random.nextBoolean() ? 0x7f : 0x2000));
            }
            int expected = Utils.murmur2(key.toString().getBytes(StandardCharsets.UTF_8)) & 255;

            assertThat(Buckets.of(key.toString()))
                    .as("seed %d, key '%s'", SEED, key)
                    .isEqualTo((short) expected);
        }
    }
}
