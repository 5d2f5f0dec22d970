package io.amends.outbox;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a message must keep to be sendable, and how much one transaction may append.
 *
 * @param maxMessageBytes the most bytes of key, payload and headers together; keep it below the producer's
 *     {@code max.request.size} and the topics' {@code max.message.bytes}
 * @param maxHeaders the most headers of a message, up to {@value #MOST_HEADERS}
 * @param maxHeaderBytes the most bytes of a message's headers, names and values together
 * @param maxTransactionMessages the most messages of one transaction; they are held in memory until it commits
 * @param maxTransactionBytes the most bytes of one transaction's messages, up to {@value #MOST_TRANSACTION_BYTES}
 */
public record OutboxLimits(
        int maxMessageBytes, int maxHeaders, int maxHeaderBytes, int maxTransactionMessages, long maxTransactionBytes) {

    /** PostgreSQL takes at most 1 GiB as one parameter, and one parameter holds all payloads of a transaction. */
    static final long MOST_TRANSACTION_BYTES = 900L * 1024 * 1024;

    /** So many that what Kafka adds to each header stays small beside the message. */
    static final int MOST_HEADERS = 1000;

    /**
     * 900 KiB a message, below Kafka's usual limit of 1 MiB, with 100 headers of together 64 KiB; 100,000 messages and 256
     * MiB a transaction.
     */
    public static final OutboxLimits DEFAULT = new OutboxLimits(900 * 1024);

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final int MAX_TEXT = 1000;

    public OutboxLimits {
        atLeastOne("The largest message must have at least 1 byte", maxMessageBytes);
        atLeastOne("A transaction must be allowed at least 1 message", maxTransactionMessages);
        if (maxHeaders < 0 || maxHeaders > MOST_HEADERS) {
            throw new IllegalArgumentException(
                    "The most headers of a message must be from 0 to %d, not %d.".formatted(MOST_HEADERS, maxHeaders));
        }
        if (maxHeaderBytes < 0) {
            throw new IllegalArgumentException("The most bytes of a message's headers must not be negative, but are %d."
                    .formatted(maxHeaderBytes));
        }
        if (maxTransactionBytes < maxMessageBytes || maxTransactionBytes > MOST_TRANSACTION_BYTES) {
            throw new IllegalArgumentException(
                    "The most bytes of a transaction must be from %d, the largest message, to %d, not %d."
                            .formatted(maxMessageBytes, MOST_TRANSACTION_BYTES, maxTransactionBytes));
        }
    }

    /** With that limit of a message, and generous ones of all else. */
    public OutboxLimits(int maxMessageBytes) {
        this(
                maxMessageBytes,
                100,
                Math.min(64 * 1024, maxMessageBytes),
                100_000,
                Math.max(256L * 1024 * 1024, maxMessageBytes));
    }

    private static void atLeastOne(String rule, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s, not %d.".formatted(rule, value));
        }
    }

    /**
     * Checks a message.
     *
     * @return its bytes: key, payload and headers together
     * @throws MessageRefusedException naming the field
     */
    public long check(OutboxMessage message) {
        String topic = message.topic();
        if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
            throw new MessageRefusedException(
                    "topic",
                    "Kafka allows no topic of this name (letters, digits, dots, hyphens and underscores, at most 249): "
                            + printable(topic));
        }
        checkText("key", message.key());
        checkText("type", message.type());
        long bytes = length(message.key()) + (long) message.payload().length + checkHeaders(message.headers());
        if (bytes > maxMessageBytes) {
            throw new MessageRefusedException(
                    "payload",
                    "A message of type %s for topic %s has %d bytes with its headers; the limit is %d. Send a reference instead, or raise the limit together with the broker's max.message.bytes."
                            .formatted(printable(message.type()), topic, bytes, maxMessageBytes));
        }
        return bytes;
    }

    private long checkHeaders(Map<String, byte[]> headers) {
        if (headers.size() > maxHeaders) {
            throw new MessageRefusedException(
                    "headers", "The message has %d headers; the limit is %d.".formatted(headers.size(), maxHeaders));
        }
        long bytes = 0;
        for (Map.Entry<String, byte[]> header : headers.entrySet()) {
            String name = header.getKey();
            byte @Nullable [] value = header.getValue();
            if (name == null || value == null) {
                throw new MessageRefusedException(
                        "headers",
                        "The message has a header without a %s%s. Leave it out, or give it no bytes."
                                .formatted(name == null ? "name" : "value: ", name == null ? "" : printable(name)));
            }
            checkText("headers", name);
            bytes += length(name) + (long) value.length;
        }
        if (bytes > maxHeaderBytes) {
            throw new MessageRefusedException(
                    "headers",
                    "The message's headers have %d bytes, names and values together; the limit is %d."
                            .formatted(bytes, maxHeaderBytes));
        }
        return bytes;
    }

    /**
     * Checks what one transaction appends altogether.
     *
     * @throws TransactionTooLargeException if it is too much
     */
    public void checkTransaction(long messages, long bytes) {
        if (messages > maxTransactionMessages) {
            throw new TransactionTooLargeException(
                    "One transaction would append %d messages; the limit is %d, since they are kept in memory until it commits. Divide the work among several transactions, or raise the limit."
                            .formatted(messages, maxTransactionMessages));
        }
        if (bytes > maxTransactionBytes) {
            throw new TransactionTooLargeException(
                    "One transaction would append messages of %d bytes; the limit is %d, since they are kept in memory until it commits. Divide the work among several transactions, or raise the limit."
                            .formatted(bytes, maxTransactionBytes));
        }
    }

    private static void checkText(String field, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT || text.indexOf('\0') >= 0 || !isUnicode(text)) {
            throw new MessageRefusedException(
                    field,
                    "The message's %s must have 1 to %d characters, not be blank, hold no NUL and no half of a surrogate pair."
                            .formatted(field, MAX_TEXT));
        }
    }

    /** Half a surrogate pair has no UTF-8: it would be stored as a question mark, or not at all. */
    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !Character.isSurrogatePair(text.charAt(i), at(text, ++i))) {
                return false;
            }
        }
        return true;
    }

    private static char at(String text, int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String printable(String text) {
        String ascii = text.replaceAll("[^\\x20-\\x7e]", "?");
        return ascii.substring(0, Math.min(100, ascii.length()));
    }
}
