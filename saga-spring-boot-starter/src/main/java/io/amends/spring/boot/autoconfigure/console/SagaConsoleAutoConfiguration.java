package io.amends.spring.boot.autoconfigure.console;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.bulk.BulkForecast;
import io.amends.dashboard.bulk.BulkRuns;
import io.amends.dashboard.bulk.BulkWorker;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.database.ConsoleSchema;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.messages.SetAside;
import io.amends.dashboard.search.SagaFinder;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.EditedData;
import io.amends.dashboard.verbs.Foresight;
import io.amends.dashboard.verbs.Outcomes;
import io.amends.dashboard.versions.Versions;
import io.amends.dashboard.views.SavedViews;
import io.amends.outbox.schema.SagaSchema;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.spring.boot.autoconfigure.outbox.RelayOwner;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import io.amends.spring.boot.autoconfigure.runtime.SagaRuntimeAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;

/** Auto-configuration of the console: what it reads, what it orders, and where the application has Spring MVC its routes. */
@AutoConfiguration(
        after = {SagaRuntimeAutoConfiguration.class, SagaReadsAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.client.autoconfigure.servlet.OAuth2ClientWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "saga.console.enabled")
@ConditionalOnClass(ConsoleVerbs.class)
@ConditionalOnBean({Orchestration.class, StuckInbox.class})
@Import(ConsoleWebConfiguration.class)
public final class SagaConsoleAutoConfiguration {

    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();

    @Bean
    static SagaSchema.Scripts sagaConsoleScripts() {
        return ConsoleSchema.SCRIPTS;
    }

    /** Whoever wants to hear of each line listens to {@link io.amends.dashboard.audit.AuditLine}. */
    @Bean
    @ConditionalOnMissingBean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    AuditLog sagaAuditLog(SagaDatabase database, ApplicationEventPublisher events) {
        return new AuditLog(database.jdbc(), events::publishEvent);
    }

    @Bean
    @ConditionalOnMissingBean
    AuditTrail sagaAuditTrail(BoundedReads reads) {
        return new AuditTrail(reads);
    }

    @Bean
    @ConditionalOnMissingBean
    ConsoleVerbs sagaConsoleVerbs(
            SagaOperations operations,
            SagaRegistry registry,
            PayloadCodec codec,
            SagaDatabase database,
            AuditLog log,
            ConsoleProperties properties,
            EditedData edits) {
        return new ConsoleVerbs(
                operations,
                registry,
                codec,
                database.jdbc(),
                database.transactions(),
                log,
                properties.verbsOfTwo(),
                edits);
    }

    @Bean
    EditedData sagaEditedData(
            SagaRegistry registry, PayloadCodec codec, Masking masking, ConsoleProperties properties) {
        return new EditedData(registry, codec, masking, properties.edit());
    }

    @Bean
    @ConditionalOnMissingBean
    Foresight sagaForesight(SagaRegistry registry, SagaDatabase database, PayloadCodec codec, EditedData edits) {
        return new Foresight(registry, new JdbcSagaStore(database.jdbc()), codec, edits);
    }

    @Bean
    @ConditionalOnMissingBean
    Outcomes sagaOutcomes(SagaDatabase database) {
        return new Outcomes(database.jdbc(), database.transactions());
    }

    @Bean
    @ConditionalOnMissingBean
    Approvals sagaApprovals(ConsoleVerbs verbs, SagaDatabase database, AuditLog log) {
        return new Approvals(verbs, database.jdbc(), database.transactions(), log, ids::generate);
    }

    @Bean
    @ConditionalOnMissingBean
    BulkRuns sagaBulkRuns(
            SagaDatabase database,
            BoundedReads reads,
            StuckAllowances allowances,
            ConsoleVerbs verbs,
            AuditLog log,
            ConsoleProperties properties) {
        return new BulkRuns(
                database.jdbc(),
                database.transactions(),
                reads,
                allowances,
                verbs,
                log,
                ids::generate,
                properties.runsOfTwo());
    }

    @Bean
    @ConditionalOnMissingBean
    BulkForecast sagaBulkForecast(BoundedReads reads, StuckAllowances allowances, Foresight foresight) {
        return new BulkForecast(reads, allowances, foresight);
    }

    @Bean
    ConsoleLifecycle sagaConsoleLifecycle(
            RelayOwner process,
            ConsoleVerbs verbs,
            Outcomes outcomes,
            AuditLog log,
            SagaDatabase database,
            OutboxProperties shared) {
        BulkWorker worker =
                new BulkWorker(process.name(), verbs, outcomes, log, database.jdbc(), database.transactions());
        return new ConsoleLifecycle(worker, shared.shutdownTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    SagaFinder sagaFinder(BoundedReads reads, StuckAllowances allowances) {
        return new SagaFinder(reads, allowances);
    }

    @Bean
    @ConditionalOnMissingBean
    SagaInspection sagaInspection(BoundedReads reads, StuckAllowances allowances) {
        return new SagaInspection(reads, allowances);
    }

    @Bean
    @ConditionalOnMissingBean
    FailureGroups sagaFailureGroups(BoundedReads reads, StuckAllowances allowances) {
        return new FailureGroups(reads, allowances);
    }

    @Bean
    @ConditionalOnMissingBean
    GroupNotes sagaGroupNotes(BoundedReads reads, SagaDatabase database, AuditLog log, Masking masking) {
        return new GroupNotes(reads, database.jdbc(), database.transactions(), log, masking::text);
    }

    @Bean
    @ConditionalOnMissingBean
    SavedViews sagaSavedViews(BoundedReads reads, SagaDatabase database, AuditLog log, Masking masking) {
        return new SavedViews(reads, database.jdbc(), database.transactions(), log, masking::text, ids::generate);
    }

    @Bean
    @ConditionalOnMissingBean
    Versions sagaVersionsInUse(BoundedReads reads) {
        return new Versions(reads);
    }

    @Bean
    @ConditionalOnMissingBean
    SetAside sagaSetAside(BoundedReads reads) {
        return new SetAside(reads);
    }
}
