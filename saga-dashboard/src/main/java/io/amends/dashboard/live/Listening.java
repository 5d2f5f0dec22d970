package io.amends.dashboard.live;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener: what it was told, and what it is to be told next. Only the latest of each counts, so that one that reads slowly
 * keeps no more in memory than one that reads fast. Safe for use by many threads.
 */
final class Listening {

    private static final Logger log = LoggerFactory.getLogger(Listening.class);

    private final Set<UUID> sagas;
    private final Sink sink;
    private final Map<UUID, Long> told = new HashMap<>();
    private final Map<UUID, Long> waiting = new LinkedHashMap<>();
    private Seen.@Nullable Counts toldCounts;
    private Seen.@Nullable Counts waitingCounts;
    /** At first too: until something is written, the other side does not know that it is listened to. */
    private boolean beat = true;

    private boolean writing;
    private long lastWrite;

    /** @param now monotonic nanoseconds */
    Listening(Set<UUID> sagas, Sink sink, long now) {
        this.sagas = Set.copyOf(sagas);
        this.sink = sink;
        this.lastWrite = now;
    }

    Set<UUID> sagas() {
        return sagas;
    }

    /** Takes what changed since it was told; whether a thread has to write now. */
    synchronized boolean takes(@Nullable Seen seen, long now, long beatNanos) {
        if (seen != null) {
            if (!seen.counts().equals(toldCounts)) {
                toldCounts = seen.counts();
                waitingCounts = seen.counts();
            }
            for (UUID saga : sagas) {
                Long revision = seen.revisions().get(saga);
                if (revision != null && !revision.equals(told.put(saga, revision))) {
                    waiting.put(saga, revision);
                }
            }
        }
        beat |= now - lastWrite >= beatNanos;
        boolean isSomething = waitingCounts != null || !waiting.isEmpty() || beat;
        if (!isSomething || writing) {
            return false;
        }
        writing = true;
        lastWrite = now;
        return true;
    }

    /** Since when a thread writes and does not come back, in nanoseconds; 0 if none does. */
    synchronized long writingFor(long now) {
        return writing ? now - lastWrite : 0;
    }

    /** No thread could be had; the next look tries again. */
    synchronized void postponed() {
        writing = false;
    }

    private record Next(Seen.@Nullable Counts counts, Map<UUID, Long> sagas) {}

    private synchronized @Nullable Next next() {
        if (waitingCounts == null && waiting.isEmpty() && !beat) {
            writing = false;
            return null;
        }
        Next next = new Next(waitingCounts, Map.copyOf(waiting));
        waitingCounts = null;
        waiting.clear();
        beat = false;
        return next;
    }

    /** Writes what there is; whether the listener is still there. */
    boolean write() {
        try {
            Next next = next();
            while (next != null) {
                if (next.counts() != null) {
                    sink.counts(next.counts());
                }
                for (Map.Entry<UUID, Long> saga : next.sagas().entrySet()) {
                    sink.saga(saga.getKey(), saga.getValue());
                }
                if (next.counts() == null && next.sagas().isEmpty()) {
                    sink.beat();
                }
                next = next();
            }
            return true;
        } catch (IOException | RuntimeException gone) {
            log.debug("A listener is gone: {}", gone.toString());
            return false;
        }
    }

    void end() {
        try {
            sink.end();
        } catch (RuntimeException gone) {
            log.debug("A listener was gone already: {}", gone.toString());
        }
    }
}
