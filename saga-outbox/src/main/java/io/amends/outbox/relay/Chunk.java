package io.amends.outbox.relay;

import io.amends.outbox.relay.Publisher.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Rows on their way to Kafka, and what has become of each. One thread waits for them, others tell. */
final class Chunk {

    private static final long TICK_MILLIS = 100;

    private final List<OutboxRow> rows;
    private final Runnable whenKnown;
    private final boolean[] acknowledged;
    private int left;
    private int awaited = -1;
    private @Nullable Failure failure;
    private boolean provisional;
    private boolean dropped;

    /** @param whenKnown as {@link Publisher#send} has it */
    Chunk(List<OutboxRow> rows, Runnable whenKnown) {
        this.rows = rows;
        this.whenKnown = whenKnown;
        this.acknowledged = new boolean[rows.size()];
        this.left = rows.size();
    }

    /** Kafka has that row. */
    synchronized void acknowledge(int index) {
        acknowledged[index] = true;
        left--;
        // Not at every record: the waiting thread has nothing to do for most.
        if (left == 0 || index == awaited) {
            notifyAll();
        }
        if (left == 0) {
            whenKnown.run();
        }
    }

    /** That row failed; true if it is the first. */
    synchronized boolean fail(OutboxRow row, Exception cause) {
        if (dropped || (failure != null && !provisional)) {
            return false;
        }
        provisional = false;
        failure = new Failure(row, cause);
        notifyAll();
        whenKnown.run();
        return true;
    }

    /**
     * The client takes no more rows. It may do so because another row has failed, a moment before it says so of that row:
     * this counts until then.
     */
    synchronized void stop(OutboxRow row, Exception cause) {
        if (failure == null) {
            failure = new Failure(row, cause);
            provisional = true;
            notifyAll();
        }
    }

    /** It is given up without a failure: that the client drops its records is none. */
    synchronized void drop() {
        dropped = true;
    }

    /** The first failure, null if there was none. */
    synchronized @Nullable Failure failure() {
        return failure;
    }

    /** Whether all is acknowledged or something failed. */
    synchronized boolean isKnown() {
        return left == 0 || failure != null;
    }

    synchronized boolean isAcknowledged() {
        return left == 0;
    }

    /** Waits for that row; false if something failed, or there is no more time. */
    synchronized boolean awaitAcknowledged(int index, Patience patience) throws InterruptedException {
        awaited = index;
        while (!acknowledged[index] && failure == null && !isGivenUp(patience)) {
            wait(TICK_MILLIS);
        }
        return failure == null;
    }

    /** Waits until all is acknowledged, something failed, there is no more time, or it is in vain. */
    synchronized void awaitEnd(Patience patience, BooleanSupplier inVain) throws InterruptedException {
        while (left > 0 && failure == null && !isGivenUp(patience) && !inVain.getAsBoolean()) {
            wait(TICK_MILLIS);
        }
    }

    /** Whether there is no more time, which is the chunk's failure then. */
    synchronized boolean isGivenUp(Patience patience) {
        boolean late = patience.isLate();
        return (late || patience.isOver())
                && fail(
                        rows.get(0),
                        new TimeoutException(
                                late
                                        ? "Kafka has not acknowledged a chunk in time"
                                        : "A chunk was given up, since the lease could not be kept or the relay stops"));
    }

    synchronized Set<String> unacknowledgedTopics() {
        Set<String> topics = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            if (!acknowledged[i]) {
                topics.add(rows.get(i).topic());
            }
        }
        return topics;
    }

    /** The positions of those that were acknowledged, but for rows of a key behind one that was not. */
    synchronized List<Long> acknowledged() {
        List<Long> positions = new ArrayList<>(rows.size());
        Set<List<String>> broken = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            OutboxRow row = rows.get(i);
            if (!acknowledged[i]) {
                broken.add(List.of(row.topic(), row.key()));
            } else if (broken.isEmpty() || !broken.contains(List.of(row.topic(), row.key()))) {
                positions.add(row.position());
            }
        }
        return positions;
    }
}
