package io.amends.runtime.wire;

import java.util.List;

/** Takes a poll of messages. The seam between the transport and the two shells; safe for use by many threads. */
@FunctionalInterface
public interface RecordProcessor {

    /**
     * Processes the records, in order per key. When it returns, each of them has had its effect, or is kept somewhere
     * durable with a reason; when it throws, the whole poll must be delivered again.
     */
    void process(List<InboundRecord> records);
}
