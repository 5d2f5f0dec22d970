package io.amends.outbox.inbox;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a consumer does, in all its threads. */
final class InboxCounts {

    final LongAdder handled = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder pollsRolledBack = new LongAdder();
    final LongAdder retried = new LongAdder();
    final LongAdder parked = new LongAdder();
    final LongAdder fenced = new LongAdder();

    InboxStats stats() {
        return new InboxStats(
                handled.sum(), duplicates.sum(), pollsRolledBack.sum(), retried.sum(), parked.sum(), fenced.sum());
    }
}
