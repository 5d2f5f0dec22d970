package io.amends.spring.boot.autoconfigure.retention;

import io.amends.runtime.participant.Participant;
import io.amends.runtime.retention.RetentionRounds;
import io.amends.runtime.retention.SagaRetention;
import io.amends.runtime.wire.Topics;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaSettings;
import io.amends.spring.boot.autoconfigure.kafka.TopicRetention;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import io.amends.spring.boot.autoconfigure.runtime.LocalParticipants;
import io.amends.spring.boot.autoconfigure.runtime.SagaProperties;
import io.amends.spring.boot.autoconfigure.runtime.SagaRuntimeAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** Auto-configuration of the removal of old sagas and of what participants remember. */
@AutoConfiguration(
        after = SagaRuntimeAutoConfiguration.class,
        afterName = "io.amends.spring.boot.autoconfigure.kafka.SagaKafkaAutoConfiguration")
@ConditionalOnBean({DataSource.class, LocalParticipants.class})
@EnableConfigurationProperties(SagaRetentionProperties.class)
public final class SagaRetentionAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger("io.amends");
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(10);

    @Bean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    SagaRetention sagaRetention(SagaDatabase database, SagaProperties sagas, SagaRetentionProperties properties) {
        return new SagaRetention(
                database.jdbc(),
                database.transactions(),
                properties.settings(),
                sagas.orchestrator().enabled(),
                sagas.participant().enabled());
    }

    @Bean
    RetentionLifecycle sagaRetentionLifecycle(
            SagaRetention retention,
            SagaRegistry registry,
            LocalParticipants participants,
            ObjectProvider<KeptTopics> topics,
            SagaRetentionProperties properties,
            OutboxProperties shared) {
        Runnable check = () -> warn(properties, registry, participants, topics.getIfAvailable(() -> names -> Map.of()));
        return new RetentionLifecycle(
                retention.removesAnything() ? new RetentionRounds(retention, check) : null,
                properties.interval(),
                shared.shutdownTimeout());
    }

    private static void warn(
            SagaRetentionProperties properties,
            SagaRegistry registry,
            LocalParticipants participants,
            KeptTopics topics) {
        Duration kept = SagaRetentionProperties.orForEver(properties.barrier());
        if (kept == null) {
            return;
        }
        BarrierCheck check = new BarrierCheck(kept, SagaRetentionProperties.orForEver(properties.sagas()));
        check.sagas(registry.all()).forEach(log::warn);
        List<String> names = participants.all().stream()
                .map(Participant::definition)
                .map(definition -> Topics.commands(definition.name()))
                .toList();
        if (!names.isEmpty()) {
            check.topics(topics.ask(names)).forEach(log::warn);
        }
    }

    /** Where commands come from Kafka. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Admin.class)
    @ConditionalOnBean(SagaKafkaSettings.class)
    static class Kafka {

        @Bean
        KeptTopics sagaKeptTopics(SagaKafkaSettings kafka) {
            return topics -> {
                try (Admin admin = Admin.create(kafka.admin())) {
                    return TopicRetention.ask(admin, topics, KAFKA_LIMIT, "saga.retention.barrier");
                }
            };
        }
    }
}
