package io.amends.benchmarks.outbox.contender;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What is appended, and told apart at the consumer by its number.
 *
 * @param number from 0, no other message of the topic has it
 * @param id for outboxes that want one
 * @param key the Kafka key
 * @param text its payload of printable ASCII, which holds the number between two {@value #MARK}
 */
public record Message(int number, UUID id, String key, String text) {

    private static final char MARK = '#';

    /** A message whose text has the filler's length; the number stands at its beginning. */
    public static Message of(int number, UUID id, String key, String filler) {
        String marked = MARK + Integer.toString(number) + MARK;
        return new Message(number, id, key, marked + filler.substring(marked.length()));
    }

    /** The text as bytes. */
    public byte[] payload() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The number in a record's value, however a library wrapped the text.
     *
     * @return -1 if there is none
     */
    public static int numberIn(byte[] value) {
        int at = 0;
        while (at < value.length && value[at] != MARK) {
            at++;
        }
        int number = 0;
        for (int i = at + 1; i < value.length; i++) {
            if (value[i] == MARK) {
                return i == at + 1 ? -1 : number;
            }
            if (value[i] < '0' || value[i] > '9') {
                return -1;
            }
            number = number * 10 + value[i] - '0';
        }
        return -1;
    }
}
