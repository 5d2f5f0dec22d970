package io.amends.spring.boot.test;

import io.amends.outbox.Outbox;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.SagaListener;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.Sagas;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.SagaParticipant;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.definition.AnnotatedBeans;
import io.amends.spring.boot.autoconfigure.definition.SagaDefinitionAutoConfiguration;
import io.amends.spring.boot.autoconfigure.runtime.ParticipantDefinitions;
import io.amends.spring.boot.autoconfigure.runtime.SagaProperties;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.simulation.Faults;
import io.amends.test.simulation.Simulation;
import io.amends.test.simulation.SimulationBuilder;
import io.amends.test.simulation.VirtualTime;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;

/** Puts a {@link SagaTest}'s sagas and participants on databases and a broker in memory. */
@AutoConfiguration(
        after = SagaDefinitionAutoConfiguration.class,
        beforeName = "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration")
@EnableConfigurationProperties(SagaProperties.class)
final class SagaTestAutoConfiguration {

    @Bean
    VirtualTime sagaTestTime() {
        return new VirtualTime();
    }

    @Bean
    @ConditionalOnMissingBean
    Clock sagaTestClock(VirtualTime time) {
        return time.withZone(ZoneOffset.UTC);
    }

    @Bean
    MemoryDatabase sagaTestDatabase(VirtualTime time) {
        return new MemoryDatabase("application", time);
    }

    @Bean
    PlatformTransactionManager transactionManager(MemoryDatabase database) {
        return database.transactions();
    }

    @Bean
    @ConditionalOnMissingBean(PayloadCodec.class)
    JacksonPayloadCodec sagaPayloadCodec() {
        return new JacksonPayloadCodec();
    }

    @Bean
    SagaDriver sagaDriver(
            SagaRegistry registry,
            ListableBeanFactory factory,
            Environment environment,
            PayloadCodec codec,
            SagaProperties properties,
            MemoryDatabase database,
            VirtualTime time,
            ObjectProvider<SagaListener> listeners,
            ObjectProvider<Faults> faults) {
        List<ParticipantDefinition> participants = ParticipantDefinitions.read(
                AnnotatedBeans.of(factory, SagaParticipant.class),
                environment::resolveRequiredPlaceholders,
                registry,
                codec);
        long seed = environment.getProperty("saga.test.seed", Long.class, 1L);
        return new SagaDriver(
                () -> {
                    database.clear();
                    time.restart();
                    SimulationBuilder builder = Simulation.of()
                            .sagas(registry)
                            .application(database, time)
                            .processes(1)
                            .codec(codec)
                            .redelivery(redelivery(properties.participant()))
                            .faults(faults.getIfAvailable(Faults::none))
                            .seed(seed);
                    participants.forEach(builder::participant);
                    listeners.orderedStream().forEach(builder::listener);
                    return builder.build();
                },
                codec);
    }

    private static RedeliverySettings redelivery(SagaProperties.Participant settings) {
        return new RedeliverySettings(
                settings.redeliveryAttempts(),
                settings.redeliveryBackoff(),
                settings.redeliveryBackoffMax(),
                RedeliverySettings.DEFAULT.pollInterval(),
                settings.lockTimeout(),
                settings.tellErrors());
    }

    @Bean
    Sagas sagas(ObjectProvider<SagaDriver> driver) {
        return current(Sagas.class, driver, Simulation::sagas);
    }

    @Bean
    SagaOperations sagaOperations(ObjectProvider<SagaDriver> driver) {
        return current(SagaOperations.class, driver, Simulation::operations);
    }

    @Bean
    DeferredReplies deferredReplies(ObjectProvider<SagaDriver> driver) {
        return current(DeferredReplies.class, driver, Simulation::deferredReplies);
    }

    @Bean
    Outbox sagaOutbox(ObjectProvider<SagaDriver> driver) {
        return current(Outbox.class, driver, Simulation::outbox);
    }

    /** Sagas may be given it, and the driver needs the sagas; and each test has another simulation. */
    private static <T> T current(Class<T> type, ObjectProvider<SagaDriver> driver, Function<Simulation, T> part) {
        return ProxyFactory.getProxy(type, new TargetSource() {
            @Override
            public Class<?> getTargetClass() {
                return type;
            }

            @Override
            public Object getTarget() {
                return part.apply(driver.getObject().simulation());
            }
        });
    }
}
