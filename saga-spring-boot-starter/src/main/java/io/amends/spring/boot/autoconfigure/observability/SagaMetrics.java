package io.amends.spring.boot.autoconfigure.observability;

import io.amends.runtime.flow.ParticipantFlow;
import io.amends.runtime.observation.SagaFigures;
import io.amends.runtime.observation.SagaFigures.Open;
import io.amends.runtime.observation.SagaFigures.SetAside;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.retention.SagaRetention;
import io.amends.runtime.retention.SagaRetention.What;
import io.amends.runtime.security.MessageProtection;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.SagaPhase;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What is read off when it is scraped: the database's figures, and counters that the runtime keeps anyway. */
final class SagaMetrics implements MeterBinder {

    private static final double MILLIS = 1000.0;

    /** A participant's name may be data of a saga, and each makes three gauges. */
    private static final int MOST_PARTICIPANTS = 100;

    private static final StuckNumbers.Line NONE = new StuckNumbers.Line(0, Duration.ZERO);

    private static final List<SagaPhase> UNFINISHED =
            List.of(SagaPhase.RUNNING, SagaPhase.COMPENSATING, SagaPhase.STUCK);

    private final CachedFigures figures;
    private final Orchestration orchestration;
    private final List<Participant> participants;
    private final @Nullable MessageProtection protection;
    private final @Nullable SagaRetention retention;

    SagaMetrics(
            CachedFigures figures,
            Orchestration orchestration,
            List<Participant> participants,
            @Nullable MessageProtection protection,
            @Nullable SagaRetention retention) {
        this.figures = figures;
        this.orchestration = orchestration;
        this.participants = List.copyOf(participants);
        this.protection = protection;
        this.retention = retention;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (!orchestration.registry().names().isEmpty()) {
            new Bound(registry).sagas();
        }
        if (!participants.isEmpty()) {
            new Bound(registry).commands();
        }
        new Bound(registry).messages();
        if (protection != null) {
            protection(registry, protection);
        }
        if (retention != null) {
            removed(registry, retention);
        }
    }

    private static void removed(MeterRegistry registry, SagaRetention retention) {
        for (What what : What.values()) {
            FunctionCounter.builder(SagaMeter.RETENTION.meterName(), retention, counts -> counts.removed(what))
                    .description(SagaMeter.RETENTION.sentence())
                    .tag("what", what.word())
                    .register(registry);
        }
    }

    private static void protection(MeterRegistry registry, MessageProtection protection) {
        for (String reason : MessageProtection.REASONS) {
            FunctionCounter.builder(SagaMeter.REFUSED.meterName(), protection, by -> by.refused(reason))
                    .description(SagaMeter.REFUSED.sentence())
                    .tag("reason", reason)
                    .register(registry);
        }
        FunctionCounter.builder(SagaMeter.UNSIGNED.meterName(), protection, MessageProtection::unsigned)
                .description(SagaMeter.UNSIGNED.sentence())
                .register(registry);
    }

    /** One registry. */
    private final class Bound {

        private final MeterRegistry registry;
        private final Set<String> shown = ConcurrentHashMap.newKeySet();

        Bound(MeterRegistry registry) {
            this.registry = registry;
        }

        void sagas() {
            for (Disposition disposition : Disposition.values()) {
                FunctionCounter.builder(
                                SagaMeter.REPLIES.meterName(), orchestration.counts(), counts -> counts.of(disposition))
                        .description(SagaMeter.REPLIES.sentence())
                        .tag("disposition", word(disposition))
                        .register(registry);
            }
            for (String saga : orchestration.registry().names()) {
                for (SagaPhase phase : UNFINISHED) {
                    figure(
                            SagaMeter.OPEN,
                            Tags.of("saga", saga, "phase", word(phase)),
                            now -> number(now, open -> open.saga().equals(saga) && open.phase() == phase));
                }
            }
            for (String reason : figures.reasons()) {
                Tags tags = Tags.of("reason", reason);
                gauge(SagaMeter.STUCK, tags, now -> stuck(now, reason).number());
                gauge(
                        SagaMeter.STUCK_OLDEST,
                        tags,
                        now -> stuck(now, reason).since().toMillis() / MILLIS);
            }
            gauge(SagaMeter.TIMERS_OVERDUE, Tags.empty(), now -> {
                show(now.participants());
                return now.sagas().overdue().toMillis() / MILLIS;
            });
        }

        void commands() {
            figure(SagaMeter.COMMANDS_WAITING, Tags.empty(), SagaFigures::waitingCommands);
            for (Participant participant : participants) {
                FunctionCounter.builder(SagaMeter.REPEATS.meterName(), participant, Participant::repeats)
                        .description(SagaMeter.REPEATS.sentence())
                        .tag("participant", participant.definition().name())
                        .register(registry);
            }
        }

        void messages() {
            figure(SagaMeter.QUARANTINED, Tags.empty(), SagaFigures::quarantined);
            for (String reason : SetAside.REASONS) {
                Tags tags = Tags.of("reason", reason);
                figure(SagaMeter.SET_ASIDE, tags, now -> setAside(now, reason, SetAside::number));
                figure(
                        SagaMeter.SET_ASIDE_OLDEST,
                        tags,
                        now -> setAside(now, reason, aside -> aside.oldest().toMillis() / MILLIS));
            }
        }

        /** Those that came up since the last time; they are scraped from the next time on. */
        private void show(List<ParticipantFlow> flows) {
            for (ParticipantFlow flow : flows) {
                String name = flow.participant();
                if (shown.size() >= MOST_PARTICIPANTS || !shown.add(name)) {
                    continue;
                }
                Tags tags = Tags.of("participant", name);
                gauge(SagaMeter.BREAKER, tags, now -> of(now, name, SagaMetrics::severity));
                gauge(SagaMeter.HELD, tags, now -> of(now, name, one -> one.heldBy() == null ? 0 : 1));
                gauge(SagaMeter.PARTICIPANT_WAITING, tags, now -> of(now, name, ParticipantFlow::waitingSteps));
            }
        }

        void figure(SagaMeter meter, Tags tags, ToDoubleFunction<SagaFigures> figure) {
            gauge(meter, tags, now -> figure.applyAsDouble(now.sagas()));
        }

        private void gauge(SagaMeter meter, Tags tags, ToDoubleFunction<CachedFigures.Now> value) {
            Gauge.builder(meter.meterName(), figures, cached -> {
                        CachedFigures.Now now = cached.now();
                        return now == null ? Double.NaN : value.applyAsDouble(now);
                    })
                    .baseUnit(meter.unit())
                    .description(meter.sentence())
                    .tags(tags)
                    .register(registry);
        }
    }

    private static double of(CachedFigures.Now now, String participant, ToDoubleFunction<ParticipantFlow> value) {
        return now.participants().stream()
                .filter(flow -> flow.participant().equals(participant))
                .mapToDouble(value)
                .findFirst()
                .orElse(0);
    }

    private static double severity(ParticipantFlow flow) {
        return switch (flow.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private static double number(SagaFigures figures, Predicate<Open> which) {
        return figures.open().stream().filter(which).mapToLong(Open::number).sum();
    }

    private static double setAside(SagaFigures figures, String reason, ToDoubleFunction<SetAside> value) {
        return figures.setAside().stream()
                .filter(aside -> aside.reason().equals(reason))
                .mapToDouble(value)
                .findFirst()
                .orElse(0);
    }

    private static StuckNumbers.Line stuck(CachedFigures.Now now, String reason) {
        return now.stuck().getOrDefault(reason, NONE);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
