package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Message;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/** Messages of 300 bytes over 1,000 keys, the same for the same seed and number. Safe for use by many threads. */
final class Messages {

    private static final int KEYS = 1_000;
    private static final int BYTES = 300;

    private final long seed;
    private final String filler;

    Messages(long seed) {
        this.seed = seed;
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < BYTES; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        this.filler = text.toString();
    }

    /** That many, numbered from 0, made beforehand so that making them costs nobody anything. */
    static List<Message> of(int count, long seed) {
        Messages messages = new Messages(seed);
        return IntStream.range(0, count).mapToObj(messages::next).toList();
    }

    /** The one with that number. */
    Message next(int number) {
        SplittableRandom random = new SplittableRandom(seed + number);
        UUID id = new UUID((random.nextLong() & ~0xf000L) | 0x4000L, (random.nextLong() >>> 2) | Long.MIN_VALUE);
        return Message.of(number, id, "key-%04d".formatted(random.nextInt(KEYS)), filler);
    }
}
