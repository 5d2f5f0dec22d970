package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.access.MaskedNames;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import io.amends.spring.boot.autoconfigure.runtime.SagaRuntimeAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What console, gauges and actuator read with, where saga-dashboard is on the class path; also without the console. */
@AutoConfiguration(after = SagaRuntimeAutoConfiguration.class)
@ConditionalOnClass(StuckInbox.class)
@ConditionalOnBean(Orchestration.class)
@EnableConfigurationProperties(ConsoleProperties.class)
public final class SagaReadsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    static BoundedReads sagaBoundedReads(SagaDatabase database, ConsoleProperties properties) {
        return new BoundedReads(database.dataSource(), properties.statementTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    static StuckAllowances sagaStuckAllowances() {
        return StuckAllowances.DEFAULT;
    }

    @Bean
    @ConditionalOnMissingBean
    static StuckInbox sagaStuckInbox(BoundedReads reads, StuckAllowances allowances) {
        return new StuckInbox(reads, allowances);
    }

    @Bean
    @ConditionalOnMissingBean
    static Masking sagaMasking(ConsoleProperties properties, SagaRegistry registry, PayloadCodec codec) {
        return new Masking(properties.maskedPaths(), MaskedNames.of(registry.all(), codec));
    }

    /** Where the application has Spring Boot's actuator, and makes the endpoint known. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class Actuator {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint(endpoint = SagasEndpoint.class)
        SagasEndpoint sagasEndpoint(StuckInbox inbox, BoundedReads reads, StuckAllowances allowances, Masking masking) {
            return new SagasEndpoint(inbox, new SagaInspection(reads, allowances), masking);
        }
    }
}
