package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.relay.LocalReceivers;
import io.amends.outbox.relay.Relay;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import io.amends.spring.boot.autoconfigure.transport.ConditionalOnTransport;
import io.amends.spring.boot.autoconfigure.transport.LocalReceiversCheck;
import io.amends.spring.boot.autoconfigure.transport.LocalRoutes;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** The relay that hands messages to the handlers of this application. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnTransport(Transport.POSTGRESQL)
class LocalRelayConfiguration {

    /** A lane's messages wait for its slowest handler, and a process needs a lane to have any work. */
    private static final int LANES = 4;

    @Bean
    LocalReceivers sagaLocalReceivers() {
        return new LocalReceivers();
    }

    @Bean
    LocalReceiversCheck sagaLocalReceiversCheck(
            LocalReceivers receivers,
            ObjectProvider<LocalRoutes> routes,
            ObjectProvider<NeededTopics> needed,
            OutboxProperties properties) {
        return new LocalReceiversCheck(
                receivers,
                routes.orderedStream().toList(),
                needed.orderedStream().toList(),
                properties.relay().enabled());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "saga.relay.enabled", matchIfMissing = true)
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    Relay sagaRelay(SagaDatabase database, LocalReceivers receivers, OutboxProperties properties, RelayOwner owner) {
        OutboxProperties.Relay relay = properties.relay();
        return new Relay(
                database.dataSource(),
                relay.readMode().source(database.dataSource()),
                receivers,
                relay.settings(LANES),
                owner.name());
    }
}
