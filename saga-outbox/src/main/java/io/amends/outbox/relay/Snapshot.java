package io.amends.outbox.relay;

import java.util.HashSet;
import java.util.Set;

/**
 * A snapshot as PostgreSQL writes it, {@code xmin:xmax:in,progress}: which transactions had ended when it was taken.
 *
 * @param end transactions from this number on had not begun
 * @param underWay those below it that had not ended
 */
record Snapshot(long end, Set<Long> underWay) {

    static Snapshot of(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("Not a snapshot of PostgreSQL's: " + text);
        }
        Set<Long> underWay = new HashSet<>();
        if (!parts[2].isEmpty()) {
            for (String number : parts[2].split(",", -1)) {
                underWay.add(Long.parseLong(number));
            }
        }
        return new Snapshot(Long.parseLong(parts[1]), underWay);
    }

    /** Whether that transaction had ended. */
    boolean sees(long transaction) {
        return transaction < end && !underWay.contains(transaction);
    }
}
