package io.amends.dashboard.live;

import io.amends.runtime.observation.Milestone;
import io.amends.runtime.observation.SagaObserver;
import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what this process has started and ended; asks no database. Safe for use by many threads. */
public final class SagaCounter implements SagaObserver {

    private final LongAdder started = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder compensated = new LongAdder();
    private final Latencies latencies = new Latencies();

    /** Counted since the last look. */
    record Counted(long started, long completed, long compensated, Latencies.Quantiles took) {}

    @Override
    public void committed(List<Milestone> milestones) {
        for (Milestone milestone : milestones) {
            if (milestone instanceof Milestone.Started) {
                started.increment();
            } else if (milestone instanceof Milestone.Ended ended) {
                (ended.as() == SagaPhase.COMPLETED ? completed : compensated).increment();
                latencies.add(ended.took().toMillis());
            }
        }
    }

    /** What was counted since the last call, which forgets it. */
    Counted take() {
        return new Counted(
                started.sumThenReset(), completed.sumThenReset(), compensated.sumThenReset(), latencies.take());
    }
}
