package io.amends.dashboard.messages;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is stored, with what may be secret: for who masks it.
 *
 * @param type its logical type, null if it names none
 * @param headers its headers in their order; empty if they are damaged
 * @param payload its payload, null if it has none
 */
public record RawMessage(@Nullable String type, Map<String, byte[]> headers, byte @Nullable [] payload) {

    /** Does not tell what it holds. */
    @Override
    public String toString() {
        return "RawMessage[%s, %d bytes]".formatted(type, payload == null ? 0 : payload.length);
    }
}
