package io.amends.runtime.orchestrator;

import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.SentCommand;
import io.amends.saga.engine.SagaPhase;
import java.util.ArrayList;
import java.util.List;

/** The lines that one transaction adds to an instance's history. Used by one thread. */
final class HistoryLines {

    private final List<HistoryEntry> lines = new ArrayList<>();

    void add(HistoryEntry line) {
        lines.add(line);
    }

    /** In the line of what caused it, if that is the one before: a row for each command costs a tenth of the throughput. */
    void addSent(long clock, SentCommand sent, SagaPhase phase) {
        int last = lines.size() - 1;
        HistoryEntry before = last < 0 ? null : lines.get(last);
        // What was sent before has the time in between.
        if (before != null && before.clock() == clock - 1 && before.phase().equals(phase.name())) {
            lines.set(last, before.with(sent));
        } else {
            lines.add(EventWords.sent(clock, sent, phase));
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    List<HistoryEntry> all() {
        return List.copyOf(lines);
    }
}
