package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Messages of 300 bytes over 1,000 keys, made beforehand so that making them costs nobody anything. */
final class Messages {

    private static final int KEYS = 1_000;
    private static final int BYTES = 300;

    private Messages() {}

    /** That many, numbered from 0. */
    static List<Message> of(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder filler = new StringBuilder();
        for (int i = 0; i < BYTES; i++) {
            filler.append((char) ('a' + random.nextInt(26)));
        }
        List<Message> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(Message.of(
                    i,
                    new UUID((random.nextLong() & ~0xf000L) | 0x4000L, (random.nextLong() >>> 2) | Long.MIN_VALUE),
                    "key-%04d".formatted(random.nextInt(KEYS)),
                    filler.toString()));
        }
        return messages;
    }
}
