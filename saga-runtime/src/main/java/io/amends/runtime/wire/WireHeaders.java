package io.amends.runtime.wire;

import io.amends.outbox.TraceHeaders;
import java.util.List;

/** Names of the Kafka headers: CloudEvents 1.0 in binary mode, and what a saga adds to it. */
public final class WireHeaders {

    public static final String SPEC_VERSION = "ce_specversion";
    public static final String ID = "ce_id";
    public static final String SOURCE = "ce_source";
    public static final String TYPE = "ce_type";
    public static final String TIME = "ce_time";
    public static final String CONTENT_TYPE = "content-type";
    public static final String CORRELATION_ID = "ce_correlationid";
    public static final String CAUSATION_ID = "ce_causationid";
    public static final String SEQUENCE = "ce_sequence";
    public static final String TRACE_PARENT = TraceHeaders.TRACE_PARENT;
    public static final String TRACE_STATE = TraceHeaders.TRACE_STATE;
    public static final String SAGA_NAME = "saga_name";
    public static final String SAGA_VERSION = "saga_version";
    public static final String SAGA_STEP = "saga_step";
    public static final String SAGA_KIND = "saga_kind";
    public static final String SAGA_ATTEMPT = "saga_attempt";
    /** How often an operator has asked anew after a rejection; absent for never. A reply says the same as its command. */
    public static final String SAGA_ROUND = "saga_round";

    public static final String SAGA_OUTCOME = "saga_outcome";
    /** Of a reply that tells an error: class and message of the exception, cut short. It may be absent. */
    public static final String SAGA_ERROR = "saga_error";

    /** Of such a reply: where in the participant's code that was thrown, a line for each frame. For people only; it may be absent. */
    public static final String SAGA_ERROR_FRAMES = "saga_error_frames";

    /** Of a reply: where its command was read, as {@code topic-3@42}. For people only, and absent where nobody knows it. */
    public static final String COMMAND_PLACE = "saga_command_place";

    public static final String SAGA_CLOCK = "saga_hlc";

    /** Of a command that starts a saga: that saga's name. */
    public static final String CHILD_NAME = "saga_child_name";
    /** Likewise, its business key. */
    public static final String CHILD_KEY = "saga_child_key";

    /** The message's signature in Base64, where there is one. */
    public static final String SIGNATURE = "saga_signature";
    /** Which key it was made with. */
    public static final String KEY_ID = "saga_key_id";

    static final List<String> REQUIRED =
            List.of(SPEC_VERSION, ID, SOURCE, TYPE, CORRELATION_ID, SAGA_NAME, SAGA_VERSION, SAGA_STEP, SAGA_KIND);

    private WireHeaders() {}
}
