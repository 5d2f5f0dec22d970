package io.amends.sample.lab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** The last events, the newest first. Safe for use by many threads. */
final class Timeline {

    private static final int MOST = 200;

    /** What an event is about. */
    enum Kind {
        FAULT,
        PROCESS,
        TRANSFERS,
        LANE,
        MONEY
    }

    /**
     * An event.
     *
     * @param number one more than that of the event before
     * @param at milliseconds since the lab began
     */
    record Entry(long number, long at, Kind kind, String text) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final LongSupplier clock;
    private long next = 1;

    /**
     * @param clock milliseconds since the lab began
     */
    Timeline(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized void add(Kind kind, String text) {
        entries.addFirst(new Entry(next++, clock.getAsLong(), kind, text));
        if (entries.size() > MOST) {
            entries.removeLast();
        }
    }

    synchronized List<Entry> all() {
        return List.copyOf(entries);
    }

    /** Those after that number, the oldest first. */
    synchronized List<Entry> after(long number) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.number() > number) {
                found.add(0, entry);
            }
        }
        return found;
    }
}
