package io.amends.outbox.relay;

import java.util.ArrayList;
import java.util.List;

/**
 * What was read at once.
 *
 * @param rows what is to be sent, ascending by position
 * @param followers positions of rows whose key is parked; they are parked behind it
 * @param more whether there was more than that
 * @param from the cursor before it
 * @param after the cursor once all of it is settled
 */
public record Batch(List<OutboxRow> rows, List<Long> followers, boolean more, Mark from, Mark after) {

    /** A place that only its reader understands. */
    public interface Mark {}

    /** Of a reader that keeps no place. */
    static Batch of(List<OutboxRow> rows, List<Long> followers, boolean more) {
        return new Batch(rows, followers, more, NONE, NONE);
    }

    private static final Mark NONE = new Mark() {};

    boolean isEmpty() {
        return rows.isEmpty() && followers.isEmpty();
    }

    int size() {
        return rows.size() + followers.size();
    }

    /** All positions, ascending. */
    List<Long> positions() {
        List<Long> all = new ArrayList<>(followers);
        rows.forEach(row -> all.add(row.position()));
        all.sort(null);
        return all;
    }
}
