package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.InboxStats;
import io.amends.spring.boot.autoconfigure.OutboxMeter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToLongFunction;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The consumers' metrics through Micrometer, where the application has it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterBinder.class)
class InboxMetricsConfiguration {

    /** The consumers themselves are made later, when they start. */
    @Bean
    MeterBinder sagaInboxMetrics(InboxAutoConfiguration.Found found, IdempotentConsumers consumers) {
        return registry -> found.definitions().stream()
                .map(ListenerDefinition::consumer)
                .distinct()
                .forEach(name -> {
                    counter(registry, OutboxMeter.HANDLED, name, consumers, InboxStats::handled);
                    counter(registry, OutboxMeter.DUPLICATES, name, consumers, InboxStats::duplicates);
                    counter(registry, OutboxMeter.INBOX_PARKED, name, consumers, InboxStats::parked);
                    counter(registry, OutboxMeter.RETRIED, name, consumers, InboxStats::retried);
                    counter(registry, OutboxMeter.INBOX_FENCED, name, consumers, InboxStats::fenced);
                });
    }

    private static void counter(
            MeterRegistry registry,
            OutboxMeter meter,
            String consumer,
            IdempotentConsumers consumers,
            ToLongFunction<InboxStats> count) {
        FunctionCounter.builder(meter.meterName(), consumers, all -> {
                    InboxStats stats = all.stats().get(consumer);
                    return stats == null ? 0 : count.applyAsLong(stats);
                })
                .description(meter.sentence())
                .tag("consumer", consumer)
                .register(registry);
    }
}
