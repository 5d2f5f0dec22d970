package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.twopc.TwoPhaseTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What is in doubt, as recovery saw it last: reading a gauge asks no database. */
final class TwoPhaseMetrics implements MeterBinder {

    /** Prepared branches that no running transaction of this process is about to end. */
    static final String IN_DOUBT = "saga.twopc.in.doubt";

    /** Seconds since the oldest of them was prepared. */
    static final String OLDEST = "saga.twopc.in.doubt.oldest";

    private static final double MILLIS = 1000.0;

    private final TwoPhaseTransactions transactions;

    TwoPhaseMetrics(TwoPhaseTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(IN_DOUBT, transactions, from -> from.lastSeen().branches())
                .register(registry);
        Gauge.builder(OLDEST, transactions, from -> from.lastSeen().oldest().toMillis() / MILLIS)
                .baseUnit("s")
                .register(registry);
    }
}
