package io.amends.spring.boot.autoconfigure.runtime;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.amends.outbox.Outbox;
import io.amends.outbox.TraceHeaders;
import io.amends.outbox.schema.SagaSchema;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.SagaListener;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.Sagas;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.FlowKeeper;
import io.amends.runtime.flow.SagaFlow;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.orchestrator.JdbcWaitingReplies;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.orchestrator.SagaNodes;
import io.amends.runtime.orchestrator.SagaVersions;
import io.amends.runtime.participant.DeferredAnswers;
import io.amends.runtime.participant.JdbcParticipantStore;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.runtime.quarantine.JdbcQuarantine;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.SagaParticipant;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import io.amends.spring.boot.autoconfigure.WallClock;
import io.amends.spring.boot.autoconfigure.definition.AnnotatedBeans;
import io.amends.spring.boot.autoconfigure.definition.SagaDefinitionAutoConfiguration;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.RelayOwner;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Auto-configuration of the orchestrator, the participants and their listeners. */
@AutoConfiguration(after = {OutboxAutoConfiguration.class, SagaDefinitionAutoConfiguration.class})
@ConditionalOnBooleanProperty(name = "saga.enabled", matchIfMissing = true)
@ConditionalOnClass(Orchestration.class)
@ConditionalOnBean({DataSource.class, Outbox.class})
@EnableConfigurationProperties({OutboxProperties.class, SagaProperties.class})
@Import({KafkaInboundConfiguration.class, LocalInboundConfiguration.class})
public final class SagaRuntimeAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SagaRuntimeAutoConfiguration.class);

    private static final Duration REDELIVERY_POLL_INTERVAL = RedeliverySettings.DEFAULT.pollInterval();

    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();

    @Bean
    static SagaSchema.Scripts sagaRuntimeScripts() {
        return new SagaSchema.Scripts(
                "io/amends/runtime/schema",
                List.of(
                        "V2_001__sagas.sql",
                        "V2_010__semantic_locks.sql",
                        "V2_011__flow.sql",
                        "V2_012__deferred_replies.sql",
                        "V2_012_1__sub_sagas.sql",
                        "V2_013__search_attributes.sql",
                        "V2_014__stuck.sql",
                        "V2_015__asked_anew.sql",
                        "V2_016__timeline.sql",
                        "V2_017__sent.sql",
                        "V2_017_1__trace.sql",
                        "V2_018__answered.sql",
                        "V2_019__frames.sql",
                        "V2_020__frames_of_steps.sql"));
    }

    @Bean
    @ConditionalOnMissingBean(PayloadCodec.class)
    JacksonPayloadCodec sagaPayloadCodec() {
        return new JacksonPayloadCodec();
    }

    @Bean
    MessageFactory sagaMessageFactory(
            PayloadCodec codec, ObjectProvider<TraceHeaders> trace, ObjectProvider<MessageSecurity> security) {
        return new MessageFactory(
                ids::generate,
                WallClock.MILLIS,
                codec.contentType(),
                trace.getIfAvailable(() -> TraceHeaders.NONE),
                security.getIfAvailable(() -> MessageSecurity.NONE));
    }

    @Bean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    Quarantine sagaQuarantine(SagaDatabase database) {
        return new JdbcQuarantine(database.jdbc());
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    SemanticLocks semanticLocks(SagaDatabase database) {
        return new SemanticLocks(database.jdbc());
    }

    @Bean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    FlowControl sagaFlowControl(SagaDatabase database, SagaProperties properties) {
        return new FlowControl(
                database.jdbc(), database.transactions(), properties.flow().settings());
    }

    @Bean
    @ConditionalOnMissingBean
    SagaFlow sagaFlow(FlowControl flow) {
        return flow.operations();
    }

    @Bean
    FlowLifecycle sagaFlowLifecycle(
            FlowControl flow, Orchestration orchestration, SagaProperties properties, OutboxProperties shared) {
        FlowControl.Admission admission =
                properties.orchestrator().enabled() ? orchestration.admission() : FlowControl.Admission.NONE;
        return new FlowLifecycle(
                orchestration.registry().names().isEmpty() ? null : new FlowKeeper(flow, admission),
                properties.flow().interval(),
                shared.shutdownTimeout());
    }

    @Bean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    Orchestration sagaOrchestration(
            ListableBeanFactory factory,
            Environment environment,
            SagaRegistry registry,
            SagaDatabase database,
            Outbox outbox,
            PayloadCodec codec,
            MessageFactory messages,
            Quarantine quarantine,
            FlowControl flow,
            DeferredReplies deferredReplies,
            SagaProperties properties,
            ObjectProvider<SagaListener> listeners,
            ObjectProvider<SagaObserver> observers) {
        SagaVersions versions = new SagaVersions(database.jdbc(), registry);
        List<Problem> changed = versions.changed();
        if (!changed.isEmpty()) {
            throw withAllOthers(changed, factory, environment, registry, codec);
        }
        versions.note();
        JdbcSagaStore store = new JdbcSagaStore(database.jdbc());
        return new Orchestration(
                registry,
                new Orchestration.Dependencies(
                        store,
                        store,
                        flow,
                        new JdbcWaitingReplies(database.jdbc()),
                        database.transactions(),
                        outbox,
                        codec,
                        messages,
                        quarantine,
                        List.of(new LateListeners(listeners)),
                        ids::generate,
                        WallClock.MILLIS,
                        () -> ThreadLocalRandom.current().nextDouble(),
                        properties.history().keepData()),
                deferredReplies,
                all(observers));
    }

    /** Before anything can be started: whoever mends what changed should know of the rest. */
    private static InvalidSagaException withAllOthers(
            List<Problem> changed,
            ListableBeanFactory factory,
            Environment environment,
            SagaRegistry registry,
            PayloadCodec codec) {
        try {
            participants(factory, environment, registry, codec, changed);
        } catch (InvalidSagaException all) {
            return all;
        } catch (RuntimeException another) {
            // Told at the next start; a participant may also need what is being made here.
            log.debug("Participants can't be looked at yet", another);
        }
        return new InvalidSagaException(changed);
    }

    private static List<ParticipantDefinition> participants(
            ListableBeanFactory factory,
            Environment environment,
            SagaRegistry registry,
            PayloadCodec codec,
            List<Problem> known) {
        return ParticipantDefinitions.read(
                AnnotatedBeans.of(factory, SagaParticipant.class),
                environment::resolveRequiredPlaceholders,
                registry,
                codec,
                known);
    }

    private static SagaObserver all(ObjectProvider<SagaObserver> observers) {
        return observers.orderedStream().reduce(SagaObserver.NONE, SagaObserver::and);
    }

    @Bean
    @ConditionalOnMissingBean
    SagaOperations sagaOperations(Orchestration orchestration) {
        return orchestration.operations();
    }

    @Bean
    @ConditionalOnMissingBean
    Sagas sagas(ObjectProvider<Orchestration> orchestration) {
        return new LateSagas(() -> orchestration.getObject().sagas());
    }

    @Bean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    LocalParticipants sagaLocalParticipants(
            ListableBeanFactory factory,
            Environment environment,
            SagaRegistry registry,
            Orchestration orchestration,
            SagaDatabase database,
            Outbox outbox,
            PayloadCodec codec,
            MessageFactory messages,
            Quarantine quarantine,
            SagaProperties properties,
            ObjectProvider<SagaObserver> observers) {
        SagaObserver observer = all(observers);
        List<ParticipantDefinition> definitions = participants(factory, environment, registry, codec, List.of());
        SagaProperties.Participant settings = properties.participant();
        RedeliverySettings redelivery = new RedeliverySettings(
                settings.redeliveryAttempts(),
                settings.redeliveryBackoff(),
                settings.redeliveryBackoffMax(),
                REDELIVERY_POLL_INTERVAL,
                settings.lockTimeout(),
                settings.tellErrors());
        Participant.Dependencies dependencies = dependencies(database, outbox, codec, messages, quarantine);
        return new LocalParticipants(Stream.concat(definitions.stream(), orchestration.subSagas().stream())
                .map(definition -> new Participant(definition, dependencies, redelivery, observer))
                .toList());
    }

    @Bean
    SavepointCheck sagaSavepointCheck(
            SagaDatabase database, SagaRegistry registry, LocalParticipants participants, SagaProperties properties) {
        boolean handlesCommands =
                properties.participant().enabled() && !participants.all().isEmpty();
        return new SavepointCheck(database.transactions(), registry.all(), handlesCommands);
    }

    /** Looks for the participants when it is used, so that they may use it themselves. */
    @Bean
    @ConditionalOnMissingBean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    DeferredReplies deferredReplies(
            SagaDatabase database,
            Outbox outbox,
            PayloadCodec codec,
            MessageFactory messages,
            Quarantine quarantine,
            ObjectProvider<LocalParticipants> participants) {
        return new DeferredAnswers(
                dependencies(database, outbox, codec, messages, quarantine),
                name -> participants.getObject().all().stream()
                        .map(Participant::definition)
                        .filter(definition -> definition.name().equals(name))
                        .findFirst());
    }

    private static Participant.Dependencies dependencies(
            SagaDatabase database, Outbox outbox, PayloadCodec codec, MessageFactory messages, Quarantine quarantine) {
        return new Participant.Dependencies(
                new JdbcParticipantStore(database.jdbc()),
                database.transactions(),
                outbox,
                codec,
                messages,
                quarantine,
                WallClock.MILLIS,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    @Bean
    NeededTopics sagaNeededTopics(SagaRegistry registry, LocalParticipants participants, SagaProperties properties) {
        return ServiceTopics.of(registry, participants, properties);
    }

    @Bean
    InboundLifecycle sagaInboundLifecycle(
            Orchestration orchestration,
            LocalParticipants participants,
            Inbounds inbounds,
            SagaProperties properties,
            OutboxProperties shared) {
        return new InboundLifecycle(
                inbounds.all(),
                properties.participant().enabled() ? participants.all() : List.of(),
                properties.orchestrator().enabled() ? orchestration.timers() : null,
                properties.orchestrator().timerInterval(),
                shared.shutdownTimeout());
    }

    /** Named like the relay, which has the process's own name. */
    @Bean
    NodeLifecycle sagaNodeLifecycle(
            Orchestration orchestration,
            SagaDatabase database,
            SagaProperties properties,
            RelayOwner process,
            OutboxProperties shared) {
        boolean movesOn = properties.orchestrator().enabled()
                && !orchestration.registry().names().isEmpty();
        return new NodeLifecycle(
                movesOn
                        ? new SagaNodes(
                                database.jdbc(), database.transactions(), orchestration.registry(), process.name())
                        : null,
                shared.shutdownTimeout());
    }

    @Bean
    StartupSummary sagaStartupSummary(
            SagaRegistry registry, LocalParticipants participants, SagaProperties properties) {
        return new StartupSummary(registry, participants, properties);
    }

    /** Otherwise nobody would say why there is no console. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty(name = "saga.console.enabled")
    @ConditionalOnMissingClass("io.amends.dashboard.verbs.ConsoleVerbs")
    static class ConsoleWithoutDashboardConfiguration {

        @Bean
        StartupTask sagaConsoleWithoutDashboard() {
            return new StartupTask(StartupPhases.SUMMARY) {
                @Override
                protected void run() {
                    LoggerFactory.getLogger("io.amends")
                            .warn("saga.console.enabled is set, but there is no console: add io.amends:saga-dashboard");
                }
            };
        }
    }
}
