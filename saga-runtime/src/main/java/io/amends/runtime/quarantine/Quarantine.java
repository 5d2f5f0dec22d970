package io.amends.runtime.quarantine;

import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MalformedMessageException;
import java.util.List;

/**
 * Messages that can't be parsed or that nobody here understands, kept raw with their reason, so that the partition moves
 * on and nothing is lost. Takes part in the caller's transaction where there is one. Safe for use by many threads.
 */
public interface Quarantine {

    /**
     * A message and what is wrong with it.
     *
     * @param record the message
     * @param reasonCode a stable code
     * @param reason the same in words, without the payload
     */
    record Case(InboundRecord record, String reasonCode, String reason) {

        /** A message that was not understood. */
        public static Case of(InboundRecord record, MalformedMessageException trouble) {
            return new Case(record, trouble.reasonCode(), String.valueOf(trouble.getMessage()));
        }
    }

    /** Keeps the messages; one that is there already stays as it is. */
    void keep(List<Case> cases);

    /** How many messages this process has handed over; one that comes again counts again. */
    long kept();
}
