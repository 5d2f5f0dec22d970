package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.twopc.TwoPhaseTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** What is in doubt, as recovery saw it last: reading a gauge asks no database. */
final class TwoPhaseMetrics implements MeterBinder {

    private static final double MILLIS = 1000.0;

    private final TwoPhaseTransactions transactions;

    TwoPhaseMetrics(TwoPhaseTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, TwoPhaseMeter.IN_DOUBT, from -> from.lastSeen().branches());
        gauge(registry, TwoPhaseMeter.OLDEST, from -> from.lastSeen().oldest().toMillis() / MILLIS);
    }

    private void gauge(MeterRegistry registry, TwoPhaseMeter meter, ToDoubleFunction<TwoPhaseTransactions> value) {
        Gauge.builder(meter.meterName(), transactions, value)
                .baseUnit(meter.unit())
                .description(meter.sentence())
                .register(registry);
    }
}
