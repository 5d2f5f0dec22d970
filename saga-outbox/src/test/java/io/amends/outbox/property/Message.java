package io.amends.outbox.property;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a writer appended.
 *
 * @param id names it on the topic too
 * @param key the Kafka key, and the row of the table {@code truth} that its transaction had locked
 * @param version that row's version, drawn under the lock: the key's commit order
 * @param refused whether it is too large for the topic
 * @param how the kind of its transaction
 */
record Message(UUID id, String key, long version, boolean refused, String how) {

    /** The topic takes less than this. */
    static final int TOPIC_LIMIT = 4_000;

    private static final int TOO_LARGE = 6_000;

    /** The value on the topic: the id, and a size that the topic takes or refuses. */
    byte[] payload() {
        String text = id + " " + version + " ";
        return (refused ? text + "x".repeat(TOO_LARGE) : text).getBytes(StandardCharsets.UTF_8);
    }

    /** The id in a value. */
    static UUID idOf(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        return UUID.fromString(text.substring(0, text.indexOf(' ')));
    }

    @Override
    public String toString() {
        return version + (refused ? "!" : "");
    }
}
