package io.amends.outbox.inbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Finds a record's message id. */
final class MessageIds {

    private static final int UUID_LENGTH = 36;

    private MessageIds() {}

    /**
     * The record with its id: the header's UUID; of any other text in the header a UUID made by SHA-256 (version 8 of RFC
     * 9562, so never mistaken for one with a time); without that header one made of the record's place.
     */
    static ReceivedMessage identify(InboxRecord record, UUID topicId, String idHeader) {
        byte[] header = record.header(idHeader);
        if (header == null || header.length == 0) {
            return withoutId(record, topicId);
        }
        return new ReceivedMessage(read(header), true, topicId, record);
    }

    /** A record that brought no id. */
    static ReceivedMessage withoutId(InboxRecord record, UUID topicId) {
        ByteBuffer place = ByteBuffer.allocate(28)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putInt(record.partition())
                .putLong(record.offset());
        return new ReceivedMessage(made(place.array()), false, topicId, record);
    }

    private static UUID read(byte[] value) {
        if (value.length == UUID_LENGTH) {
            try {
                return UUID.fromString(new String(value, StandardCharsets.US_ASCII));
            } catch (IllegalArgumentException otherText) {
                return made(value);
            }
        }
        return made(value);
    }

    /** SHA-256. */
    static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no SHA-256, which every Java must have", missing);
        }
    }

    private static UUID made(byte[] bytes) {
        ByteBuffer hash = ByteBuffer.wrap(hash(bytes));
        long high = (hash.getLong() & ~0xF000L) | 0x8000L;
        long low = (hash.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
