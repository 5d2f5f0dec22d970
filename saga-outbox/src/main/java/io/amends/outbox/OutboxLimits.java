package io.amends.outbox;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a message must keep to be sendable.
 *
 * @param maxMessageBytes the most bytes of key, payload and headers together; keep it below the producer's
 *     {@code max.request.size} and the topics' {@code max.message.bytes}
 */
public record OutboxLimits(int maxMessageBytes) {

    /** 900 KiB, below Kafka's usual limit of 1 MiB. */
    public static final OutboxLimits DEFAULT = new OutboxLimits(900 * 1024);

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final int MAX_TEXT = 1000;

    public OutboxLimits {
        if (maxMessageBytes < 1) {
            throw new IllegalArgumentException(
                    "The largest message must have at least 1 byte, not %d.".formatted(maxMessageBytes));
        }
    }

    /**
     * Checks a message.
     *
     * @throws MessageRefusedException naming the field
     */
    public void check(OutboxMessage message) {
        String topic = message.topic();
        if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
            throw new MessageRefusedException(
                    "topic",
                    "Kafka allows no topic of this name (letters, digits, dots, hyphens and underscores, at most 249): "
                            + printable(topic));
        }
        checkText("key", message.key());
        checkText("type", message.type());
        long bytes = message.key().getBytes(StandardCharsets.UTF_8).length + (long) message.payload().length;
        for (Map.Entry<String, byte[]> header : message.headers().entrySet()) {
            checkText("headers", header.getKey());
            bytes += header.getKey().getBytes(StandardCharsets.UTF_8).length + (long) header.getValue().length;
        }
        if (bytes > maxMessageBytes) {
            throw new MessageRefusedException(
                    "payload",
                    "A message of type %s for topic %s has %d bytes with its headers; the limit is %d. Send a reference instead, or raise the limit together with the broker's max.message.bytes."
                            .formatted(printable(message.type()), topic, bytes, maxMessageBytes));
        }
    }

    private static void checkText(String field, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
            throw new MessageRefusedException(
                    field,
                    "The message's %s must have 1 to %d characters, not be blank and hold no NUL."
                            .formatted(field, MAX_TEXT));
        }
    }

    private static String printable(String text) {
        String ascii = text.replaceAll("[^\\x20-\\x7e]", "?");
        return ascii.substring(0, Math.min(100, ascii.length()));
    }
}
