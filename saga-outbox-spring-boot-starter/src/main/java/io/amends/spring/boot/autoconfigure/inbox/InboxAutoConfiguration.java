package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.Inbox;
import io.amends.outbox.inbox.InboxUpkeep;
import io.amends.outbox.inbox.MessageTraces;
import io.amends.outbox.inbox.ParkedMessages;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaSettings;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.TransactionManagers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Auto-configuration of the idempotent listeners, of what they have set aside, and of the inbox's upkeep. */
@AutoConfiguration(
        after = OutboxAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
@ConditionalOnBean({DataSource.class, Inbox.class, SagaKafkaSettings.class})
@EnableConfigurationProperties({InboxProperties.class, OutboxProperties.class})
@Import({InboxMetricsConfiguration.class, InboxTracingConfiguration.class})
public final class InboxAutoConfiguration {

    /** No consumer waits longer for the upkeep. */
    private static final Duration UPKEEP_LOCK_TIMEOUT = Duration.ofMillis(100);

    /** What was found; a type of its own, so that it is no list of beans. */
    record Found(List<ListenerDefinition> definitions) {}

    @Bean
    Found sagaIdempotentListeners(
            ConfigurableListableBeanFactory factory, Environment environment, InboxProperties properties) {
        List<ListenerDefinition> found = ListenerScan.of(factory, environment::resolveRequiredPlaceholders);
        return new Found(properties.enabled() ? found : List.of());
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
    ParkedMessages sagaParkedMessages(
            DataSource dataSource, ObjectProvider<PlatformTransactionManager> transactionManagers) {
        return new ParkedMessages(
                new JdbcTemplate(dataSource), TransactionManagers.of(transactionManagers, dataSource));
    }

    @Bean
    IdempotentConsumers sagaIdempotentConsumers() {
        return new IdempotentConsumers();
    }

    @Bean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    InboxLifecycle sagaInboxListeners(
            Found found,
            ConfigurableListableBeanFactory factory,
            ObjectProvider<ObjectMapper> mappers,
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            SagaKafkaSettings kafka,
            ObjectProvider<MessageTraces> traces,
            IdempotentConsumers consumers,
            InboxProperties properties,
            OutboxProperties shared) {
        PlatformTransactionManager transactions = TransactionManagers.of(transactionManagers, dataSource);
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        ObjectMapper unique = mappers.getIfUnique();
        ObjectMapper mapper = unique == null ? JsonMapper.shared() : unique;
        return new InboxLifecycle(
                found.definitions(),
                definition -> traces.getIfAvailable(() -> MessageTraces.NONE)
                        .traced(
                                definition.consumer(),
                                new ListenerMethod(factory.getBean(definition.beanName()), definition, mapper)),
                consumers,
                new InboxLifecycle.Parts(
                        jdbc,
                        transactions,
                        kafka,
                        new InboxUpkeep(jdbc, transactions, properties.retention(), UPKEEP_LOCK_TIMEOUT),
                        properties,
                        shared.shutdownTimeout()));
    }
}
