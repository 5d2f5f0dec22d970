package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.Inbox;
import io.amends.outbox.inbox.InboxUpkeep;
import io.amends.outbox.inbox.MessageHandler;
import io.amends.outbox.inbox.MessageTraces;
import io.amends.outbox.inbox.OutboxConsumer;
import io.amends.outbox.inbox.ParkedMessages;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.WallClock;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaSettings;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import io.amends.spring.boot.autoconfigure.transport.ConditionalOnTransport;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Auto-configuration of the idempotent listeners, of what they have set aside, and of the inbox's upkeep. */
@AutoConfiguration(
        after = OutboxAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
@ConditionalOnBean({DataSource.class, Inbox.class})
@EnableConfigurationProperties({InboxProperties.class, OutboxProperties.class})
@Import({InboxMetricsConfiguration.class, InboxTracingConfiguration.class})
public final class InboxAutoConfiguration {

    /** No consumer waits longer for the upkeep. */
    private static final Duration UPKEEP_LOCK_TIMEOUT = Duration.ofMillis(100);

    /** What the listeners are, and how each is called. */
    record ListenerCalls(List<ListenerDefinition> definitions, Function<ListenerDefinition, MessageHandler> methods) {}

    /**
     * What was found; a type of its own, so that it is no list of beans.
     *
     * @param definitions of the listeners that run
     * @param areIdle whether there are some that do not
     */
    record Found(List<ListenerDefinition> definitions, boolean areIdle) {}

    @Bean
    Found sagaIdempotentListeners(
            ConfigurableListableBeanFactory factory, Environment environment, InboxProperties properties) {
        List<ListenerDefinition> found = ListenerScan.of(factory, environment::resolveRequiredPlaceholders);
        return properties.enabled() ? new Found(found, false) : new Found(List.of(), !found.isEmpty());
    }

    @Bean
    NeededTopics sagaInboxTopics(Found found) {
        Set<String> topics = found.definitions().stream()
                .flatMap(definition -> definition.topics().stream())
                .collect(Collectors.toUnmodifiableSet());
        return new NeededTopics(topics);
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    ParkedMessages sagaParkedMessages(SagaDatabase database) {
        return new ParkedMessages(database.jdbc(), database.transactions());
    }

    @Bean
    IdempotentConsumers sagaIdempotentConsumers() {
        return new IdempotentConsumers();
    }

    /** What the listeners are, and how they are called; the same whichever way messages come. */
    @Bean
    ListenerCalls sagaListenerCalls(
            Found found,
            ConfigurableListableBeanFactory factory,
            ObjectProvider<ObjectMapper> mappers,
            ObjectProvider<MessageTraces> traces) {
        ObjectMapper unique = mappers.getIfUnique();
        ObjectMapper mapper = unique == null ? JsonMapper.shared() : unique;
        return new ListenerCalls(
                found.definitions(),
                definition -> traces.getIfAvailable(() -> MessageTraces.NONE)
                        .traced(
                                definition.consumer(),
                                new ListenerMethod(factory.getBean(definition.beanName()), definition, mapper)));
    }

    private static InboxUpkeepTask upkeep(SagaDatabase database, InboxProperties properties) {
        return new InboxUpkeepTask(
                new InboxUpkeep(database.jdbc(), database.transactions(), properties.retention(), UPKEEP_LOCK_TIMEOUT));
    }

    /** The listeners on Kafka. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnTransport(Transport.KAFKA)
    static class OnKafka {

        @Bean
        @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
        InboxLifecycle sagaInboxListeners(
                ListenerCalls calls,
                SagaDatabase database,
                SagaKafkaSettings kafka,
                IdempotentConsumers consumers,
                InboxProperties properties,
                OutboxProperties shared) {
            return new InboxLifecycle(
                    calls.definitions(),
                    calls.methods(),
                    consumers,
                    new InboxLifecycle.Parts(
                            database.jdbc(),
                            database.transactions(),
                            kafka,
                            upkeep(database, properties),
                            properties,
                            shared.shutdownTimeout()));
        }
    }

    /** The listeners without Kafka. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnTransport(Transport.POSTGRESQL)
    static class WithoutKafka {

        @Bean
        @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
        LocalInboxLifecycle sagaInboxListeners(
                Found found,
                ListenerCalls calls,
                SagaDatabase database,
                IdempotentConsumers consumers,
                InboxProperties properties,
                OutboxProperties shared) {
            if (found.areIdle() && shared.relay().enabled()) {
                throw new InvalidSagaPropertiesException(
                        List.of(
                                "saga.inbox.enabled is false and saga.transport is postgresql, where the process that has a lane handles all of its messages: set saga.relay.enabled=false too, and all of it is left to another process of this application."));
            }
            return new LocalInboxLifecycle(
                    calls.definitions(),
                    calls.methods(),
                    consumers,
                    new OutboxConsumer.Dependencies(
                            database.jdbc(),
                            database.transactions(),
                            WallClock.MILLIS,
                            () -> ThreadLocalRandom.current().nextDouble()),
                    properties,
                    upkeep(database, properties),
                    shared.shutdownTimeout());
        }
    }
}
