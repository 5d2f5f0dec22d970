package io.amends.spring.boot.autoconfigure.observability;

import io.amends.dashboard.stuck.StuckInbox;
import io.amends.outbox.relay.Relay;
import io.amends.runtime.flow.SagaFlow;
import io.amends.runtime.observation.FiguresReader;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.retention.SagaRetention;
import io.amends.runtime.security.MessageProtection;
import io.amends.spring.boot.autoconfigure.WallClock;
import io.amends.spring.boot.autoconfigure.console.SagaReadsAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import io.amends.spring.boot.autoconfigure.runtime.LiveParts;
import io.amends.spring.boot.autoconfigure.runtime.LocalParticipants;
import io.amends.spring.boot.autoconfigure.runtime.SagaRuntimeAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration of what can be watched of sagas. Nothing that runs sagas needs any of it. */
@AutoConfiguration(after = {SagaRuntimeAutoConfiguration.class, SagaReadsAutoConfiguration.class})
@ConditionalOnBean(Orchestration.class)
public final class SagaObservabilityAutoConfiguration {

    @Bean
    static CachedFigures sagaFigures(SagaDatabase database, SagaFlow flow, ObjectProvider<StuckNumbers> stuck) {
        return new CachedFigures(
                new FiguresReader(database.dataSource()),
                flow,
                stuck.getIfAvailable(StuckByPhase::new),
                System::nanoTime);
    }

    /** Where saga-dashboard is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(StuckInbox.class)
    static class Inbox {

        @Bean
        StuckByInbox sagaStuckNumbers(StuckInbox inbox) {
            return new StuckByInbox(inbox, WallClock.MOMENTS);
        }
    }

    /** Where the application has Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Meters {

        @Bean
        @ConditionalOnMissingBean(SagaObserver.class)
        MicrometerObserver sagaObserver(
                ObjectProvider<ObservationRegistry> observations, ObjectProvider<MeterRegistry> meters) {
            return new MicrometerObserver(
                    () -> observations.getIfUnique(() -> ObservationRegistry.NOOP), meters::getIfAvailable);
        }

        @Bean
        @ConditionalOnProperty("saga.console.url")
        SagaLinks sagaLinks(@Value("${saga.console.url}") String console) {
            return new SagaLinks(console);
        }

        @Bean
        SagaMetrics sagaMetrics(
                CachedFigures figures,
                Orchestration orchestration,
                LocalParticipants participants,
                ObjectProvider<MessageProtection> protection,
                ObjectProvider<SagaRetention> retention) {
            return new SagaMetrics(
                    figures,
                    orchestration,
                    participants.all(),
                    protection.getIfAvailable(),
                    retention.getIfAvailable());
        }
    }

    /** Where the application has Spring Boot's health. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class Healths {

        @Bean
        @ConditionalOnMissingBean(name = "sagaHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("saga")
        SagaHealth sagaHealthIndicator(LiveParts parts, ObjectProvider<Relay> relays, CachedFigures figures) {
            return new SagaHealth(parts, relays.getIfAvailable(), figures);
        }
    }
}
