package io.amends.spring.boot.autoconfigure.outbox;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.Outbox;
import io.amends.outbox.TraceHeaders;
import io.amends.outbox.UnwrittenChanges;
import io.amends.outbox.inbox.Inbox;
import io.amends.outbox.operations.OldTransactions;
import io.amends.outbox.operations.OutboxInspection;
import io.amends.outbox.operations.OutboxOperations;
import io.amends.outbox.relay.Relay;
import io.amends.outbox.relay.WakeUps;
import io.amends.outbox.schema.SagaSchema;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaAutoConfiguration;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.time.Duration;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/** Auto-configuration of the library's tables, the outbox, the inbox and the relay, on the application's database. */
@AutoConfiguration(
        after = {
            DataSourceAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class,
            SagaKafkaAutoConfiguration.class
        },
        afterName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
@ConditionalOnClass({JdbcOutbox.class, JdbcTemplate.class})
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(OutboxProperties.class)
@Import({
    DatabaseInitializationDependencyConfigurer.class,
    SagaDatabaseConfiguration.class,
    KafkaRelayConfiguration.class,
    LocalRelayConfiguration.class,
    JpaConfiguration.class,
    TracingConfiguration.class,
    MetricsConfiguration.class
})
public final class OutboxAutoConfiguration {

    /** The bean that has seen to the tables; whatever uses them depends on it. */
    public static final String SCHEMA_BEAN = "sagaSchema";

    private static final Duration NOTIFY_PAUSE = Duration.ofMillis(10);

    /** After the application's own migrations, so that both may use one database. Other modules add beans of scripts. */
    @Bean(name = SCHEMA_BEAN, initMethod = "apply")
    @DependsOnDatabaseInitialization
    SagaSchema sagaSchema(
            SagaDatabase database,
            OutboxProperties properties,
            ObjectProvider<SagaSchema.Scripts> others,
            ObjectProvider<DataSourcePoolMetadataProvider> pools) {
        PoolCheck.check(
                database.dataSource(),
                pools.orderedStream().toList(),
                properties.relay(),
                properties.schema().mode());
        return new SagaSchema(
                database.dataSource(),
                properties.schema().mode(),
                Stream.concat(Stream.of(SagaSchema.OUTBOX), others.orderedStream())
                        .toList(),
                properties.schema().name());
    }

    @Bean
    @ConditionalOnMissingBean(Outbox.class)
    @DependsOn(SCHEMA_BEAN)
    JdbcOutbox sagaOutbox(
            SagaDatabase database,
            OutboxProperties properties,
            ObjectProvider<Relay> relays,
            ObjectProvider<WakeUps> wakeUps,
            ObjectProvider<UnwrittenChanges> unwritten,
            ObjectProvider<TraceHeaders> trace) {
        Relay relay = relays.getIfAvailable();
        AppendListener looking = relay == null ? AppendListener.NONE : relay;
        WakeUps waking = wakeUps.getIfAvailable();
        AppendListener committed = waking == null ? looking : waking;
        return new JdbcOutbox(
                database.dataSource(),
                properties.outbox().limits(),
                committed,
                unwritten.getIfAvailable(() -> UnwrittenChanges.NONE),
                trace.getIfAvailable(() -> TraceHeaders.NONE));
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn(SCHEMA_BEAN)
    Inbox sagaInbox(SagaDatabase database) {
        return new Inbox(database.jdbc());
    }

    @Bean
    @ConditionalOnMissingBean
    RelayOwner sagaRelayOwner(Environment environment) {
        TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
        return new RelayOwner("%s-%d-%s"
                .formatted(
                        environment.getProperty("spring.application.name", "application"),
                        ProcessHandle.current().pid(),
                        ids.generate().toString().substring(24)));
    }

    /** In this process at once, in others by a notification. */
    @Bean(initMethod = "start", destroyMethod = "stop")
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "saga.relay.wake-others", matchIfMissing = true)
    @DependsOn(SCHEMA_BEAN)
    WakeUps sagaWakeUps(SagaDatabase database, ObjectProvider<Relay> relays) {
        return new WakeUps(database.dataSource(), relays.getIfAvailable(), NOTIFY_PAUSE);
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn(SCHEMA_BEAN)
    OutboxOperations sagaOutboxOperations(
            SagaDatabase database, OutboxProperties properties, ObjectProvider<Relay> relays) {
        Relay relay = relays.getIfAvailable();
        return new OutboxOperations(
                database.jdbc(),
                database.transactions(),
                properties.outbox().limits(),
                relay == null ? () -> {} : relay::released);
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn(SCHEMA_BEAN)
    OutboxInspection sagaOutboxInspection(SagaDatabase database) {
        return new OutboxInspection(database.jdbc());
    }

    @Bean
    @ConditionalOnMissingBean
    OldTransactions sagaOldTransactions(SagaDatabase database) {
        return new OldTransactions(database.jdbc());
    }

    @Bean
    @ConditionalOnBean(Relay.class)
    RelayLifecycle sagaRelayLifecycle(Relay relay, OutboxProperties properties) {
        return new RelayLifecycle(relay, properties.shutdownTimeout());
    }

    @Bean
    UnknownSettings sagaUnknownSettings(ConfigurableEnvironment environment) {
        return new UnknownSettings(environment, getClass().getClassLoader());
    }

    @Bean
    OutboxSummary sagaOutboxSummary(
            OutboxProperties properties, SagaDatabase database, RelayOwner owner, Environment environment) {
        return new OutboxSummary(
                database.dataSource(),
                properties.relay().enabled() ? owner : null,
                Transport.of(environment, getClass().getClassLoader()));
    }
}
