package io.amends.spring.boot.autoconfigure.console;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.AuditTrail;
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
import io.amends.spring.boot.autoconfigure.outbox.TransactionManagers;
import io.amends.spring.boot.autoconfigure.runtime.SagaRuntimeAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

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
    AuditLog sagaAuditLog(DataSource dataSource, ApplicationEventPublisher events) {
        return new AuditLog(new JdbcTemplate(dataSource), events::publishEvent);
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
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            AuditLog log,
            ConsoleProperties properties,
            EditedData edits) {
        return new ConsoleVerbs(
                operations,
                registry,
                codec,
                new JdbcTemplate(dataSource),
                TransactionManagers.of(transactionManagers, dataSource),
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
    Foresight sagaForesight(SagaRegistry registry, DataSource dataSource, PayloadCodec codec, EditedData edits) {
        return new Foresight(registry, new JdbcSagaStore(new JdbcTemplate(dataSource)), codec, edits);
    }

    @Bean
    @ConditionalOnMissingBean
    Outcomes sagaOutcomes(DataSource dataSource, ObjectProvider<PlatformTransactionManager> transactionManagers) {
        return new Outcomes(new JdbcTemplate(dataSource), TransactionManagers.of(transactionManagers, dataSource));
    }

    @Bean
    @ConditionalOnMissingBean
    Approvals sagaApprovals(
            ConsoleVerbs verbs,
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            AuditLog log) {
        return new Approvals(
                verbs,
                new JdbcTemplate(dataSource),
                TransactionManagers.of(transactionManagers, dataSource),
                log,
                ids::generate);
    }

    @Bean
    @ConditionalOnMissingBean
    BulkRuns sagaBulkRuns(
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            BoundedReads reads,
            StuckAllowances allowances,
            Foresight foresight,
            ConsoleVerbs verbs,
            AuditLog log,
            ConsoleProperties properties) {
        return new BulkRuns(
                new JdbcTemplate(dataSource),
                TransactionManagers.of(transactionManagers, dataSource),
                reads,
                allowances,
                foresight,
                verbs,
                log,
                ids::generate,
                properties.runsOfTwo());
    }

    @Bean
    ConsoleLifecycle sagaConsoleLifecycle(
            RelayOwner process,
            ConsoleVerbs verbs,
            Outcomes outcomes,
            AuditLog log,
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            OutboxProperties shared) {
        BulkWorker worker = new BulkWorker(
                process.name(),
                verbs,
                outcomes,
                log,
                new JdbcTemplate(dataSource),
                TransactionManagers.of(transactionManagers, dataSource));
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
    GroupNotes sagaGroupNotes(
            BoundedReads reads,
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            AuditLog log,
            Masking masking) {
        return new GroupNotes(
                reads,
                new JdbcTemplate(dataSource),
                TransactionManagers.of(transactionManagers, dataSource),
                log,
                masking::text);
    }

    @Bean
    @ConditionalOnMissingBean
    SavedViews sagaSavedViews(
            BoundedReads reads,
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            AuditLog log,
            Masking masking) {
        return new SavedViews(
                reads,
                new JdbcTemplate(dataSource),
                TransactionManagers.of(transactionManagers, dataSource),
                log,
                masking::text,
                ids::generate);
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
