package io.amends.outbox.operations;

import java.util.List;

/**
 * One of the outbox's eight tables.
 *
 * @param bytes its size with its indexes
 * @param rows an estimate, 0 if PostgreSQL has none
 * @param emptying whether it can be emptied
 * @param why the same in words
 */
public record SegmentState(int segment, long bytes, long rows, Emptying emptying, String why) {

    /** Whether a segment can be emptied. */
    public enum Emptying {
        /** It is empty. */
        EMPTY,
        /** It is, or is about to be, written. */
        IN_USE,
        /** It holds messages that are not noted as published. */
        UNPUBLISHED,
        /** A transaction holds a lock on it. */
        LOCKED,
        /** The relay will, within ten seconds. */
        POSSIBLE
    }

    /** An index without entries has one page, which says what it is. */
    private static final long EMPTY_BYTES = 4 * 8192;

    static SegmentState of(
            int segment, long bytes, long rows, boolean inUse, boolean unpublished, List<String> holders) {
        Emptying emptying;
        String why;
        if (inUse) {
            emptying = Emptying.IN_USE;
            why = "It is written now, or next.";
        } else if (bytes <= EMPTY_BYTES) {
            emptying = Emptying.EMPTY;
            why = "It is empty.";
        } else if (unpublished) {
            emptying = Emptying.UNPUBLISHED;
            why = "It has messages that no relay has noted as published.";
        } else if (!holders.isEmpty()) {
            emptying = Emptying.LOCKED;
            why = "Everything in it is published, but it is locked by %s.".formatted(String.join(", ", holders));
        } else {
            emptying = Emptying.POSSIBLE;
            why = "Everything in it is published; the relay empties it within ten seconds.";
        }
        return new SegmentState(segment, bytes, rows, emptying, why);
    }
}
