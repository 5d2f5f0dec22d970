package io.amends.runtime.wire;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of a trace, as the W3C's Trace Context has it: 32 hexadecimal digits in lower case, not all of them zero. */
public final class TraceId {

    private static final Pattern ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");

    /** Version, id of the trace, id of the span, flags; what later versions add is behind another hyphen. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(" + ID + ")-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?");

    private static final int LONGEST = 200;

    private TraceId() {}

    /** That of the header {@code traceparent}; null if there is none, or one that says something else. */
    public static @Nullable String in(Map<String, byte[]> headers) {
        byte[] parent = headers.get(WireHeaders.TRACE_PARENT);
        if (parent == null || parent.length > LONGEST) {
            return null;
        }
        Matcher matcher = TRACE_PARENT.matcher(new String(parent, StandardCharsets.US_ASCII));
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** The text if it is the id of a trace, otherwise null. */
    public static @Nullable String checked(@Nullable String text) {
        return text != null && ID.matcher(text).matches() ? text : null;
    }
}
