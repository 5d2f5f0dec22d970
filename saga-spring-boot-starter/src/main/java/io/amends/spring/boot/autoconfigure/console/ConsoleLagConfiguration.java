package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.kafka.CommandPlaces;
import io.amends.dashboard.kafka.ConsumerLag;
import io.amends.dashboard.kafka.Lag;
import io.amends.dashboard.kafka.LagController;
import io.amends.dashboard.kafka.PlaceController;
import io.amends.dashboard.kafka.RecordSource;
import io.amends.dashboard.kafka.SentCommands;
import io.amends.dashboard.rest.ConsoleSettings;
import io.amends.dashboard.tenants.SagaTenants;
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

/** The routes that tell how far consumers are behind, and where in Kafka a command is. */
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
            return new ConsumerLag(administration(kafka, "-lag"), needed.names());
        }

        @Bean
        LagController sagaConsoleLagRoutes(ConsumerLag lag, ConsoleSettings settings) {
            return new LagController(lag::look, settings);
        }

        @Bean
        @ConditionalOnMissingBean
        CommandPlaces sagaCommandPlaces(SagaKafkaSettings kafka) {
            return new CommandPlaces(kafka.consumer("saga-places"), administration(kafka, "-places"));
        }

        @Bean
        PlaceController sagaConsolePlaceRoutes(BoundedReads reads, SagaTenants tenants, CommandPlaces places) {
            return new PlaceController(new SentCommands(reads), tenants, places::find);
        }

        /** Two clients of one name in one process get in each other's way in JMX. */
        private static Map<String, Object> administration(SagaKafkaSettings kafka, String suffix) {
            Map<String, Object> settings = new HashMap<>(kafka.admin());
            settings.computeIfPresent(CommonClientConfigs.CLIENT_ID_CONFIG, (name, clientId) -> clientId + suffix);
            return settings;
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

        @Bean
        PlaceController sagaConsolePlaceRoutes(BoundedReads reads, SagaTenants tenants) {
            return new PlaceController(new SentCommands(reads), tenants, PlaceController::withoutKafka);
        }

        @Bean
        RecordSource sagaConsoleRecords() {
            return new RecordSource.WithoutKafka();
        }
    }
}
