package io.amends.spring.boot.autoconfigure.observability;

import io.amends.runtime.observation.Milestone;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.wire.SagaMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Traces and measures through Micrometer. Safe for use by many threads. */
final class MicrometerObserver implements SagaObserver {

    private static final SagaStartConvention START = new SagaStartConvention();
    private static final SagaCommandConvention COMMAND = new SagaCommandConvention();
    private static final SagaReplyConvention REPLY = new SagaReplyConvention();

    private final Supplier<ObservationRegistry> observations;
    private final Supplier<@Nullable MeterRegistry> meters;

    /** Kept, since a registry's own search costs more; names come out of definitions, so they are few. */
    private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();

    private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();
    private volatile @Nullable ObservationRegistry known;
    private volatile @Nullable Found found;

    /** What was found when it was looked for, null if the application measures nothing. */
    private record Found(@Nullable MeterRegistry registry) {}

    /** Both are asked for when the first is needed, since they may be made later than this. */
    MicrometerObserver(Supplier<ObservationRegistry> observations, Supplier<@Nullable MeterRegistry> meters) {
        this.observations = observations;
        this.meters = meters;
    }

    @Override
    public Work starts(String saga, int version) {
        ObservationRegistry registry = registry();
        if (registry.isNoop()) {
            return Work.UNSEEN;
        }
        SagaStartContext context = new SagaStartContext(saga, version);
        return new Observed(SagaObservation.START.observation(null, START, () -> context, registry), context::came);
    }

    @Override
    public Work handles(String participant, SagaMessage command) {
        ObservationRegistry registry = registry();
        if (registry.isNoop()) {
            return Work.UNSEEN;
        }
        SagaCommandContext context = new SagaCommandContext(participant, command);
        return new Observed(SagaObservation.COMMAND.observation(null, COMMAND, () -> context, registry), context::came);
    }

    @Override
    public Work takes(String saga, SagaMessage reply) {
        ObservationRegistry registry = registry();
        if (registry.isNoop()) {
            return Work.UNSEEN;
        }
        SagaReplyContext context = new SagaReplyContext(saga, reply);
        return new Observed(SagaObservation.REPLY.observation(null, REPLY, () -> context, registry), context::came);
    }

    private ObservationRegistry registry() {
        ObservationRegistry registry = known;
        if (registry == null) {
            registry = observations.get();
            known = registry;
        }
        return registry;
    }

    /** One observation, in scope until it ends. */
    private static final class Observed implements Work {

        private final Observation observation;
        private final Observation.Scope scope;
        private final Consumer<String> outcome;

        Observed(Observation observation, Consumer<String> outcome) {
            this.observation = observation.start();
            this.scope = observation.openScope();
            this.outcome = outcome;
        }

        @Override
        public void came(String word) {
            outcome.accept(word);
        }

        @Override
        public void threw(Throwable thrown) {
            outcome.accept("error");
            observation.error(thrown);
        }

        @Override
        public void end() {
            scope.close();
            observation.stop();
        }
    }

    @Override
    public void committed(List<Milestone> milestones) {
        Found now = found;
        if (now == null) {
            now = new Found(meters.get());
            found = now;
        }
        MeterRegistry registry = now.registry();
        if (registry != null) {
            milestones.forEach(milestone -> count(registry, milestone));
        }
    }

    private void count(MeterRegistry registry, Milestone milestone) {
        String saga = milestone.saga();
        if (milestone instanceof Milestone.Started) {
            counter(registry, SagaMeter.STARTED, saga).increment();
        } else if (milestone instanceof Milestone.TurnedBack turned) {
            counter(registry, SagaMeter.TURNED_BACK, saga, turned.why().name()).increment();
        } else if (milestone instanceof Milestone.GotStuck stuck) {
            counter(registry, SagaMeter.GOT_STUCK, saga, stuck.why().name()).increment();
        } else if (milestone instanceof Milestone.TriedAgain again) {
            counter(
                            registry,
                            SagaMeter.RETRIES,
                            saga,
                            again.step(),
                            again.kind().wireName())
                    .increment();
        } else if (milestone instanceof Milestone.Ended ended) {
            timer(registry, SagaMeter.ENDED, saga, ended.as().name().toLowerCase(Locale.ROOT))
                    .record(ended.took());
        } else if (milestone instanceof Milestone.StepEnded step) {
            timer(
                            registry,
                            SagaMeter.STEP,
                            saga,
                            step.step(),
                            step.kind().wireName(),
                            step.outcome().wireName())
                    .record(step.took());
        }
    }

    private Counter counter(MeterRegistry registry, SagaMeter meter, String... values) {
        return counters.computeIfAbsent(
                key(meter, values),
                key -> Counter.builder(meter.meterName())
                        .description(meter.sentence())
                        .tags(tags(meter, key))
                        .register(registry));
    }

    private Timer timer(MeterRegistry registry, SagaMeter meter, String... values) {
        return timers.computeIfAbsent(
                key(meter, values),
                key -> Timer.builder(meter.meterName())
                        .description(meter.sentence())
                        .tags(tags(meter, key))
                        .register(registry));
    }

    private static List<String> key(SagaMeter meter, String... values) {
        String[] key = new String[values.length + 1];
        key[0] = meter.name();
        System.arraycopy(values, 0, key, 1, values.length);
        return List.of(key);
    }

    private static Tags tags(SagaMeter meter, List<String> key) {
        Tags tags = Tags.empty();
        for (int i = 0; i < meter.tags().size(); i++) {
            tags = tags.and(meter.tags().get(i), key.get(i + 1));
        }
        return tags;
    }
}
