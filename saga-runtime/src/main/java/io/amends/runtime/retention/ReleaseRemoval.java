package io.amends.runtime.retention;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Removes notes of semantic locks that operators took from sagas long ago. Their numbers grow with time. For one thread. */
final class ReleaseRemoval {

    private static final String REMOVE = """
            delete from saga_semantic_lock_release where release_id in (
              select release_id from saga_semantic_lock_release
               where release_id in (select release_id from saga_semantic_lock_release order by release_id limit ?)
                 and released_at < ?::timestamptz
                 for update skip locked)""";

    private final ShortTransactions transactions;
    private final Duration kept;
    private final BatchSize batch;
    private Instant before = Instant.EPOCH;
    private boolean isDone;

    ReleaseRemoval(ShortTransactions transactions, Duration kept, BatchSize batch) {
        this.transactions = transactions;
        this.kept = kept;
        this.batch = batch;
    }

    void begin() {
        before = transactions.ago(kept);
        isDone = false;
    }

    /** Removes some more; null when there are no more. */
    @Nullable
    Long some() {
        if (isDone) {
            return null;
        }
        int most = batch.now();
        int removed = transactions.run(jdbc -> jdbc.update(REMOVE, most, before.toString()));
        isDone = removed < most;
        return (long) removed;
    }
}
