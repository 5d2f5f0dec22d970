package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.kafka.ConsumerLag;
import io.amends.dashboard.kafka.Lag;
import io.amends.dashboard.kafka.LagController;
import io.amends.dashboard.rest.ConsoleSettings;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaSettings;
import io.amends.spring.boot.autoconfigure.transport.ConditionalOnTransport;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The route that tells how far consumers are behind. */
final class ConsoleLagConfiguration {

    private ConsoleLagConfiguration() {}

    /** Of consumers on Kafka. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnTransport(Transport.KAFKA)
    static class OfKafka {

        /** Of the topics that the orchestrator and the participants need. */
        @Bean
        @ConditionalOnMissingBean
        ConsumerLag sagaConsumerLag(SagaKafkaSettings kafka, @Qualifier("sagaNeededTopics") NeededTopics needed) {
            Map<String, Object> settings = new HashMap<>(kafka.admin());
            // Two clients of one name in one process get in each other's way in JMX.
            settings.computeIfPresent(CommonClientConfigs.CLIENT_ID_CONFIG, (name, clientId) -> clientId + "-lag");
            return new ConsumerLag(settings, needed.names());
        }

        @Bean
        LagController sagaConsoleLagRoutes(ConsumerLag lag, ConsoleSettings settings) {
            return new LagController(lag::look, settings);
        }
    }

    /** Without Kafka nothing lies between the outbox and the handlers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnTransport(Transport.POSTGRESQL)
    static class WithoutKafka {

        private static final Lag NONE = new Lag(
                List.of(),
                0,
                "This application has no Kafka: its messages go from the outbox straight to its handlers, so what was not taken yet is pending in the outbox.");

        @Bean
        LagController sagaConsoleLagRoutes(ConsoleSettings settings) {
            return new LagController(() -> NONE, settings);
        }
    }
}
