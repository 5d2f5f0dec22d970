package io.amends.runtime.wire;

import io.amends.saga.MessageTypes;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command or reply whose headers are well-formed; its payload is not looked at yet.
 *
 * @param record where it came from
 * @param id its {@code ce_id}
 * @param source who sent it: {@code saga/<name>} or a participant's name
 * @param type its logical type
 * @param sagaId the instance
 * @param sagaName the definition's name
 * @param sagaVersion the definition's version
 * @param step the step
 * @param kind action or compensation
 * @param outcome what a reply says; null on a command
 * @param clock the sender's hybrid logical clock, 0 if absent
 * @param attempt which sending of the command it is or answers, 0 if absent
 * @param sequence the command's number within its saga, empty if absent
 * @param round how often an operator had asked anew after a rejection, 0 if absent
 */
public record SagaMessage(
        InboundRecord record,
        UUID id,
        String source,
        String type,
        UUID sagaId,
        String sagaName,
        int sagaVersion,
        String step,
        CommandKind kind,
        @Nullable Outcome outcome,
        long clock,
        int attempt,
        String sequence,
        int round) {

    /** The largest number is left to who lets nothing be asked anew. */
    private static final int MAX_ROUND = Integer.MAX_VALUE - 1;

    private static final int MAX_HEADER = 500;
    private static final Pattern PLACE =
            Pattern.compile("[a-zA-Z0-9._-]{1,249}(-[0-9]{1,10}@[0-9]{1,19}|@[0-9]{1,19} of the outbox)");
    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9.-]{0,199}");
    private static final byte[] NO_BYTES = {};

    /** The payload, empty where there is none. */
    public byte[] payload() {
        byte[] value = record.value();
        return value == null ? NO_BYTES : value;
    }

    /** The message that caused it, of a reply its command; null if it names none. */
    public @Nullable UUID causationId() {
        String text = record.text(WireHeaders.CAUSATION_ID);
        try {
            return text == null || text.length() > MAX_HEADER ? null : UUID.fromString(text);
        } catch (IllegalArgumentException notOne) {
            // People only go by it, so that nothing is refused for it.
            return null;
        }
    }

    /** Where a reply says that its command was read, as {@code topic-3@42}; null if it says nothing of the kind. */
    public @Nullable String commandPlace() {
        String text = record.text(WireHeaders.COMMAND_PLACE);
        return text != null && PLACE.matcher(text).matches() ? text : null;
    }

    /** The same with another payload, which was not read from the transport. */
    public SagaMessage withPayload(byte[] payload) {
        InboundRecord opened = new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), payload, record.headers());
        return new SagaMessage(
                opened,
                id,
                source,
                type,
                sagaId,
                sagaName,
                sagaVersion,
                step,
                kind,
                outcome,
                clock,
                attempt,
                sequence,
                round);
    }

    /**
     * The command in that record.
     *
     * @throws MalformedMessageException if a header is missing or malformed
     */
    public static SagaMessage command(InboundRecord record) {
        return parse(record, null);
    }

    /**
     * The reply in that record.
     *
     * @throws MalformedMessageException if a header is missing or malformed
     */
    public static SagaMessage reply(InboundRecord record) {
        String text = required(record, WireHeaders.SAGA_OUTCOME);
        Outcome outcome = Outcome.ofWireName(text)
                .orElseThrow(() -> malformed(record, WireHeaders.SAGA_OUTCOME, "success, rejection or error"));
        return parse(record, outcome);
    }

    private static SagaMessage parse(InboundRecord record, @Nullable Outcome outcome) {
        WireHeaders.REQUIRED.forEach(header -> required(record, header));
        if (!required(record, WireHeaders.SPEC_VERSION).equals("1.0")) {
            throw malformed(record, WireHeaders.SPEC_VERSION, "1.0");
        }
        String type = required(record, WireHeaders.TYPE);
        if (!TYPE.matcher(type).matches()) {
            throw malformed(record, WireHeaders.TYPE, "a logical type of lower case letters, digits, dots and hyphens");
        }
        return new SagaMessage(
                record,
                uuid(record, WireHeaders.ID),
                required(record, WireHeaders.SOURCE),
                type,
                uuid(record, WireHeaders.CORRELATION_ID),
                name(record, WireHeaders.SAGA_NAME),
                (int) number(record, WireHeaders.SAGA_VERSION, 1, Integer.MAX_VALUE),
                name(record, WireHeaders.SAGA_STEP),
                CommandKind.ofWireName(required(record, WireHeaders.SAGA_KIND))
                        .orElseThrow(() -> malformed(record, WireHeaders.SAGA_KIND, "action or compensation")),
                outcome,
                record.text(WireHeaders.SAGA_CLOCK) == null
                        ? 0
                        : number(record, WireHeaders.SAGA_CLOCK, 0, Long.MAX_VALUE / 2),
                record.text(WireHeaders.SAGA_ATTEMPT) == null
                        ? 0
                        : (int) number(record, WireHeaders.SAGA_ATTEMPT, 1, Integer.MAX_VALUE),
                sequence(record),
                record.text(WireHeaders.SAGA_ROUND) == null
                        ? 0
                        : (int) number(record, WireHeaders.SAGA_ROUND, 0, MAX_ROUND));
    }

    private static String sequence(InboundRecord record) {
        String text = record.text(WireHeaders.SEQUENCE);
        if (text == null) {
            return "";
        }
        number(record, WireHeaders.SEQUENCE, 0, Long.MAX_VALUE);
        return text;
    }

    private static String required(InboundRecord record, String header) {
        String text = record.text(header);
        if (text == null || text.isBlank()) {
            throw new MalformedMessageException(
                    "MALFORMED_HEADERS", "The message at %s has no header %s.".formatted(record.place(), header));
        }
        if (text.length() > MAX_HEADER) {
            throw malformed(record, header, "at most " + MAX_HEADER + " characters");
        }
        return text;
    }

    private static String name(InboundRecord record, String header) {
        String text = required(record, header);
        if (!MessageTypes.isName(text)) {
            throw malformed(record, header, "a name of lower case letters, digits and hyphens");
        }
        return text;
    }

    private static UUID uuid(InboundRecord record, String header) {
        String text = required(record, header);
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException notOne) {
            // falls through to the error that names place and header
        }
        throw malformed(record, header, "a UUID");
    }

    private static long number(InboundRecord record, String header, long min, long max) {
        try {
            long value = Long.parseLong(required(record, header));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notOne) {
            // falls through to the error that names place and header
        }
        throw malformed(record, header, "a whole number from %d to %d".formatted(min, max));
    }

    private static MalformedMessageException malformed(InboundRecord record, String header, String expected) {
        return new MalformedMessageException(
                "MALFORMED_HEADERS",
                "Header %s of the message at %s is not %s.".formatted(header, record.place(), expected));
    }
}
