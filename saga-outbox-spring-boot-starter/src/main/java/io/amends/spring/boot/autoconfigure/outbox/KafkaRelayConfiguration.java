package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.Publishers;
import io.amends.outbox.relay.Relay;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.kafka.SagaKafkaSettings;
import io.amends.spring.boot.autoconfigure.transport.ConditionalOnTransport;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** The relay that publishes to Kafka. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnTransport(Transport.KAFKA)
class KafkaRelayConfiguration {

    /** One relay is enough for what a database writes; each lane is a connection of Kafka's more. */
    private static final int LANES = 1;

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "saga.relay.enabled", matchIfMissing = true)
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    Relay sagaRelay(SagaDatabase database, SagaKafkaSettings kafka, OutboxProperties properties, RelayOwner owner) {
        OutboxProperties.Relay relay = properties.relay();
        return new Relay(
                database.dataSource(),
                relay.readMode().source(database.dataSource()),
                Publishers.of(
                        relay.producerMode(),
                        kafka.producer(maxMessageBytes(properties)),
                        relay.producerMode() == ProducerMode.TRANSACTIONAL ? outboxName(database) : ""),
                relay.settings(LANES),
                owner.name());
    }

    /** The same for all processes of the outbox. */
    private static String outboxName(SagaDatabase database) {
        String name = database.jdbc().queryForObject("""
                select system_identifier || '-' || current_database() from pg_control_system()""", String.class);
        return Objects.requireNonNull(name);
    }

    private static int maxMessageBytes(OutboxProperties properties) {
        return Math.toIntExact(properties.outbox().maxMessageSize().toBytes());
    }
}
