package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.alerts.InDoubtWatch;
import io.amends.dashboard.alerts.SetAsideWatch;
import io.amends.dashboard.alerts.StuckWatch;
import io.amends.dashboard.alerts.Webhook;
import io.amends.dashboard.alerts.WebhookSettings;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.live.Charts;
import io.amends.dashboard.live.ChartsController;
import io.amends.dashboard.live.EventsController;
import io.amends.dashboard.live.LiveFeed;
import io.amends.dashboard.live.SagaCounter;
import io.amends.dashboard.refresh.SharedReads;
import io.amends.dashboard.rest.ConsoleSettings;
import io.amends.dashboard.rest.InDoubtController;
import io.amends.dashboard.retention.ConsoleRetention;
import io.amends.dashboard.retention.RetentionSettings;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.twopc.InDoubtSource;
import io.amends.dashboard.twopc.TwoPhaseInDoubt;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.WallClock;
import io.amends.spring.boot.autoconfigure.observability.SagaObservabilityAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import io.amends.spring.boot.autoconfigure.twopc.TwoPhaseAutoConfiguration;
import io.amends.spring.boot.autoconfigure.twopc.TwoPhaseProperties;
import io.amends.twopc.TwoPhaseTransactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;

/** Auto-configuration of what the console does by itself: alerts, charts, events for open pages, retention. */
@AutoConfiguration(
        after = {
            SagaConsoleAutoConfiguration.class,
            SagaObservabilityAutoConfiguration.class,
            TwoPhaseAutoConfiguration.class
        })
@ConditionalOnClass(ConsoleVerbs.class)
@ConditionalOnBean(ConsoleVerbs.class)
@EnableConfigurationProperties(ConsoleLiveProperties.class)
public final class SagaConsoleLiveAutoConfiguration {

    /** Longer than for a page: nobody waits for it, and one process of all does it. */
    private static final Duration WATCH_LIMIT = Duration.ofSeconds(10);

    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    /** Whoever wants to hear of all alerts listens to {@link io.amends.dashboard.alerts.Alert}. */
    @Bean
    @ConditionalOnMissingBean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    StuckWatch sagaStuckWatch(
            SagaDatabase database,
            StuckAllowances allowances,
            ConsoleLiveProperties properties,
            ApplicationEventPublisher events) {
        return new StuckWatch(
                database.jdbc(),
                database.transactions(),
                allowances,
                WATCH_LIMIT,
                properties.webhook().url() != null,
                events::publishEvent);
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    SetAsideWatch sagaSetAsideWatch(
            SagaDatabase database, ConsoleLiveProperties properties, ApplicationEventPublisher events) {
        return new SetAsideWatch(
                database.jdbc(),
                database.transactions(),
                WATCH_LIMIT,
                properties.webhook().url() != null,
                events::publishEvent);
    }

    @Bean
    @ConditionalOnProperty("saga.console.url")
    StuckLog sagaConsoleStuckLog(ConsoleProperties console) {
        return new StuckLog(String.valueOf(console.url()));
    }

    /** Beside an observer of the application's or of Micrometer. */
    @Bean
    SagaCounter sagaConsoleCounter() {
        return new SagaCounter();
    }

    @Bean
    Charts sagaConsoleCharts(BoundedReads reads, SagaCounter counter) {
        return new Charts(reads, counter, WallClock.MOMENTS);
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    ConsoleRetention sagaConsoleRetention(SagaDatabase database, ConsoleLiveProperties properties) {
        return new ConsoleRetention(
                database.jdbc(),
                database.transactions(),
                new RetentionSettings(
                        properties.retention().audit(), properties.retention().rest()));
    }

    @Bean
    WatchLifecycle sagaConsoleWatchLifecycle(
            StuckWatch sagas,
            SetAsideWatch messages,
            ObjectProvider<InDoubtWatch> branches,
            Charts charts,
            ConsoleRetention retention,
            SagaDatabase database,
            ConsoleLiveProperties properties,
            ConsoleProperties console,
            Environment environment,
            OutboxProperties shared) {
        List<BooleanSupplier> watches = new ArrayList<>(List.of(sagas::look, messages::look));
        branches.ifAvailable(watch -> watches.add(watch::look));
        return new WatchLifecycle(
                watches,
                webhook(database, properties.webhook().settings(), console, environment),
                charts,
                retention,
                properties.alerts().interval(),
                shared.shutdownTimeout());
    }

    private static @Nullable Webhook webhook(
            SagaDatabase database,
            @Nullable WebhookSettings settings,
            ConsoleProperties console,
            Environment environment) {
        return settings == null
                ? null
                : new Webhook(
                        database.jdbc(),
                        settings,
                        environment.getProperty("spring.application.name", "application"),
                        console.runbookBase(),
                        console.url(),
                        WallClock.MOMENTS);
    }

    /** Where the application coordinates two-phase commit. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TwoPhaseTransactions.class)
    @ConditionalOnBean(TwoPhaseTransactions.class)
    static class TwoPhase {

        @Bean
        @ConditionalOnMissingBean(InDoubtSource.class)
        TwoPhaseInDoubt sagaConsoleInDoubt(TwoPhaseTransactions transactions) {
            return new TwoPhaseInDoubt(transactions);
        }

        /** Recovery has had its time, and a little more: what is prepared then does not end by itself. */
        @Bean
        @ConditionalOnMissingBean
        @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
        InDoubtWatch sagaInDoubtWatch(
                SagaDatabase database,
                InDoubtSource source,
                ObjectProvider<TwoPhaseProperties> recovery,
                ConsoleLiveProperties properties,
                ApplicationEventPublisher events) {
            TwoPhaseProperties known = recovery.getIfAvailable();
            Duration takeOver = known == null ? A_MINUTE : known.takeOverAfter();
            return new InDoubtWatch(
                    database.jdbc(),
                    database.transactions(),
                    source,
                    takeOver.plus(A_MINUTE),
                    WATCH_LIMIT,
                    properties.webhook().url() != null,
                    events::publishEvent);
        }
    }

    /** Where the console has routes. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(ConsoleSettings.class)
    static class Routes {

        @Bean(destroyMethod = "close")
        LiveFeed sagaConsoleFeed(StuckInbox inbox, BoundedReads reads, SharedReads shared) {
            return new LiveFeed(inbox, reads, shared);
        }

        @Bean
        FeedLifecycle sagaConsoleFeedLifecycle(LiveFeed feed) {
            return new FeedLifecycle(feed);
        }

        @Bean
        EventsController sagaConsoleEventRoutes(LiveFeed feed) {
            return new EventsController(feed);
        }

        @Bean
        ChartsController sagaConsoleChartRoutes(Charts charts) {
            return new ChartsController(charts);
        }

        @Bean
        InDoubtController sagaConsoleInDoubtRoutes(
                ObjectProvider<InDoubtSource> source, AuditLog log, SagaDatabase database) {
            return new InDoubtController(source.getIfAvailable(() -> InDoubtSource.NONE), log, database.transactions());
        }
    }
}
