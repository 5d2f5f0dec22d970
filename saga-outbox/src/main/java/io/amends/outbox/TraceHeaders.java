package io.amends.outbox;

import java.util.Map;

/**
 * The current thread's trace as headers, {@code traceparent} and {@code tracestate} of the W3C's Trace Context. They are
 * taken when a message is appended, since the relay sends it later and on another thread. Safe for use by many threads.
 */
@FunctionalInterface
public interface TraceHeaders {

    /** No trace is kept. */
    TraceHeaders NONE = Map::of;

    /** The header that a message with a trace of its own has; such a message keeps it. */
    String TRACE_PARENT = "traceparent";

    /** The header with what tracing systems add to it. */
    String TRACE_STATE = "tracestate";

    /** The headers; empty if nothing is traced. */
    Map<String, byte[]> current();
}
