package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.operations.OutboxFigures;
import io.amends.outbox.operations.OutboxInspection;
import io.amends.outbox.relay.Relay;
import io.amends.outbox.relay.RelayObserver;
import io.amends.outbox.relay.RelayStats;
import io.amends.spring.boot.autoconfigure.OutboxMeter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** The outbox's and the relay's metrics. What the database must be asked for is asked at most once in five seconds. */
final class OutboxMetrics implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(OutboxMetrics.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final OutboxInspection inspection;
    private final @Nullable Relay relay;
    private final LongSupplier clock;
    private @Nullable OutboxFigures figures;
    private long asked;
    private boolean known;

    /**
     * @param relay null where the relay is left to another process
     * @param clock monotonic nanoseconds
     */
    OutboxMetrics(OutboxInspection inspection, @Nullable Relay relay, LongSupplier clock) {
        this.inspection = inspection;
        this.relay = relay;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, OutboxMeter.OLDEST, figures -> figures.oldest().toMillis() / 1000.0);
        gauge(registry, OutboxMeter.PARKED_KEYS, OutboxFigures::parkedKeys);
        Relay of = relay;
        if (of != null) {
            Gauge.builder(OutboxMeter.LANES.meterName(), of, Relay::lanes)
                    .description(OutboxMeter.LANES.sentence())
                    .register(registry);
            counter(registry, OutboxMeter.PUBLISHED, of, RelayStats::published);
            counter(registry, OutboxMeter.PARKED, of, RelayStats::parked);
            counter(registry, OutboxMeter.FAILED_CHUNKS, of, RelayStats::failedChunks);
            counter(registry, OutboxMeter.FENCED, of, RelayStats::fenced);
            of.observe(new Stages(registry));
        }
    }

    private void gauge(MeterRegistry registry, OutboxMeter meter, ToDoubleFunction<OutboxFigures> figure) {
        Gauge.builder(meter.meterName(), this, metrics -> {
                    OutboxFigures figures = metrics.figures();
                    return figures == null ? Double.NaN : figure.applyAsDouble(figures);
                })
                .baseUnit(meter.unit())
                .description(meter.sentence())
                .register(registry);
    }

    private static void counter(MeterRegistry registry, OutboxMeter meter, Relay of, ToLongFunction<RelayStats> count) {
        FunctionCounter.builder(meter.meterName(), of, relay -> count.applyAsLong(relay.stats()))
                .description(meter.sentence())
                .register(registry);
    }

    /** Null while the database does not tell. */
    private synchronized @Nullable OutboxFigures figures() {
        if (known && clock.getAsLong() - asked < FRESH_NANOS) {
            return figures;
        }
        try {
            figures = inspection.figures();
        } catch (DataAccessException away) {
            log.debug("The outbox's figures are not known: {}", ErrorText.of(away));
            figures = null;
        }
        known = true;
        asked = clock.getAsLong();
        return figures;
    }

    /** How long the stages of a chunk take, and how large chunks are. */
    private static final class Stages implements RelayObserver {

        private final Timer read;
        private final Timer sent;
        private final Timer settled;
        private final DistributionSummary chunk;

        Stages(MeterRegistry registry) {
            read = stage(registry, "read");
            sent = stage(registry, "send");
            settled = stage(registry, "settle");
            chunk = DistributionSummary.builder(OutboxMeter.CHUNK.meterName())
                    .description(OutboxMeter.CHUNK.sentence())
                    .register(registry);
        }

        private static Timer stage(MeterRegistry registry, String name) {
            return Timer.builder(OutboxMeter.STAGE.meterName())
                    .description(OutboxMeter.STAGE.sentence())
                    .tag("stage", name)
                    .register(registry);
        }

        @Override
        public void read(int rows, Duration took) {
            read.record(took);
        }

        @Override
        public void sent(int records, Duration took) {
            sent.record(took);
            chunk.record(records);
        }

        @Override
        public void settled(Duration took) {
            settled.record(took);
        }
    }
}
