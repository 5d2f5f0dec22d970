package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.operations.OutboxInspection;
import io.amends.outbox.relay.Relay;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics through Micrometer, where the application has it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterBinder.class)
class MetricsConfiguration {

    @Bean
    OutboxMetrics sagaOutboxMetrics(OutboxInspection inspection, ObjectProvider<Relay> relays) {
        return new OutboxMetrics(inspection, relays.getIfAvailable(), System::nanoTime);
    }
}
