package io.amends.spring.boot.autoconfigure.kafka;

import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.transport.ConditionalOnTransport;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of how Amends reaches Kafka: with the application's {@code spring.kafka.*} settings and connection
 * details, through clients of its own. Publishes no producer factory, consumer factory or template.
 */
@AutoConfiguration(after = {DataSourceAutoConfiguration.class, KafkaAutoConfiguration.class})
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
@ConditionalOnClass({Admin.class, KafkaProperties.class})
@ConditionalOnTransport(Transport.KAFKA)
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties({OutboxProperties.class, KafkaProperties.class})
public final class SagaKafkaAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SagaKafkaSettings sagaKafkaSettings(KafkaProperties properties, ObjectProvider<KafkaConnectionDetails> connection) {
        return new SagaKafkaSettings(properties, connection.getIfAvailable());
    }

    @Bean
    ConnectivityCheck sagaConnectivityCheck(
            SagaKafkaSettings settings, OutboxProperties properties, ObjectProvider<NeededTopics> needed) {
        return new ConnectivityCheck(
                new KafkaTopics(settings, properties.topics(), properties.startupTimeout()),
                needed.orderedStream().toList());
    }
}
