package io.amends.dashboard.rest;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.messages.RawMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells what messages hold, without what is masked: all of it where this process does not know their type. Only JSON is told, as
 * text. Safe for use by many threads.
 */
public final class Contents {

    private static final int LONGEST = 64 * 1024;
    private static final int LONGEST_HEADER = 2_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Masking masking;
    private final Set<String> known;

    /**
     * With that masking.
     *
     * @param known the logical types of which this process knows what is masked
     */
    public Contents(Masking masking, Set<String> known) {
        this.masking = masking;
        this.known = Set.copyOf(known);
    }

    /**
     * What a message holds.
     *
     * @param type its logical type, null if it names none
     * @param headers its headers, masked
     * @param payload its payload; null if it is no JSON
     * @param bytes how long the payload is
     * @param told what is not shown of it, or is shown though it is masked else, in words; null if all is shown that is not masked
     */
    public record ContentsAnswer(
            @Nullable String type,
            List<HeaderRow> headers,
            @Nullable Verbatim payload,
            int bytes,
            @Nullable String told) {
        public ContentsAnswer {
            headers = List.copyOf(headers);
        }
    }

    /** A header, masked. */
    public record HeaderRow(String name, Verbatim value) {}

    /** Without what is masked. */
    public ContentsAnswer masked(RawMessage message) {
        boolean isKnown = message.type() != null && known.contains(message.type());
        return answer(
                message,
                isKnown ? masking::text : masking::everything,
                isKnown ? null : "This process does not know the type, so every value is masked.");
    }

    /** With all of its payload, for who has been noted to look at it. Headers stay masked: what they have of secrets opens doors. */
    public ContentsAnswer unmasked(RawMessage message) {
        return answer(message, text -> text, "Unmasked, but for its headers.");
    }

    private ContentsAnswer answer(RawMessage message, UnaryOperator<String> shown, @Nullable String told) {
        List<HeaderRow> headers = message.headers().entrySet().stream()
                .map(header -> header(header.getKey(), header.getValue()))
                .toList();
        byte[] payload = message.payload();
        if (payload == null || payload.length == 0) {
            return new ContentsAnswer(message.type(), headers, null, 0, "It has no payload.");
        }
        String text = new String(payload, StandardCharsets.UTF_8).strip();
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return new ContentsAnswer(
                    message.type(), headers, null, payload.length, "Its payload is no JSON, and is not shown.");
        }
        return new ContentsAnswer(
                message.type(), headers, new Verbatim(shortened(shown.apply(text), LONGEST)), payload.length, told);
    }

    /** Masked by its name, as a field of a payload is. */
    private HeaderRow header(String name, byte[] value) {
        String field = JSON.writeValueAsString(Map.of(name, new String(value, StandardCharsets.UTF_8)));
        String masked = JSON.readTree(masking.text(field)).path(name).asString();
        return new HeaderRow(name, new Verbatim(shortened(masked, LONGEST_HEADER)));
    }

    private static String shortened(String text, int most) {
        return text.length() <= most
                ? text
                : text.substring(0, most) + "… (%d of %d characters)".formatted(most, text.length());
    }
}
