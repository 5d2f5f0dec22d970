package io.amends.outbox.relay;

import java.util.concurrent.atomic.LongAdder;

/** What all lanes of a relay have done. Safe for use by many threads. */
final class RelayCounts {

    final LongAdder published = new LongAdder();
    final LongAdder parked = new LongAdder();
    final LongAdder failedChunks = new LongAdder();
    final LongAdder fenced = new LongAdder();
    volatile RelayObserver observer = RelayObserver.NONE;

    RelayStats stats() {
        return new RelayStats(published.sum(), parked.sum(), failedChunks.sum(), fenced.sum());
    }
}
