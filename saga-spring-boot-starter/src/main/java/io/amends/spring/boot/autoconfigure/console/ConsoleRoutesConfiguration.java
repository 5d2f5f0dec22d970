package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.access.KnownMessages;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.bulk.BulkForecast;
import io.amends.dashboard.bulk.BulkRuns;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.gate.Callers;
import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.kafka.NotedMessages;
import io.amends.dashboard.kafka.RecordController;
import io.amends.dashboard.kafka.RecordSource;
import io.amends.dashboard.kafka.SentCommands;
import io.amends.dashboard.messages.RawMessages;
import io.amends.dashboard.messages.Replays;
import io.amends.dashboard.messages.SetAside;
import io.amends.dashboard.messages.WaitingInbox;
import io.amends.dashboard.pages.PageController;
import io.amends.dashboard.rest.ApprovalController;
import io.amends.dashboard.rest.AuditController;
import io.amends.dashboard.rest.ConsoleSettings;
import io.amends.dashboard.rest.Contents;
import io.amends.dashboard.rest.ContentsController;
import io.amends.dashboard.rest.GroupController;
import io.amends.dashboard.rest.MeController;
import io.amends.dashboard.rest.MessageController;
import io.amends.dashboard.rest.MoneyAtRisk;
import io.amends.dashboard.rest.OpenApiController;
import io.amends.dashboard.rest.OutboxController;
import io.amends.dashboard.rest.OutboxEditController;
import io.amends.dashboard.rest.ReplayController;
import io.amends.dashboard.rest.RunController;
import io.amends.dashboard.rest.SagaController;
import io.amends.dashboard.rest.SagaData;
import io.amends.dashboard.rest.StuckController;
import io.amends.dashboard.rest.VerbController;
import io.amends.dashboard.rest.VersionController;
import io.amends.dashboard.rest.ViewController;
import io.amends.dashboard.search.SagaFinder;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.tenants.SagaTenants;
import io.amends.dashboard.twopc.InDoubtSource;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.EditedData;
import io.amends.dashboard.verbs.Foresight;
import io.amends.dashboard.verbs.Outcomes;
import io.amends.dashboard.versions.Versions;
import io.amends.dashboard.views.SavedViews;
import io.amends.outbox.inbox.ParkedMessages;
import io.amends.outbox.operations.OutboxOperations;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.outbox.SagaDatabase;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;

/** The routes themselves. A further bean of type {@code ConsoleController} adds its own. */
@Configuration(proxyBeanMethods = false)
@Import({ConsoleLagConfiguration.OfKafka.class, ConsoleLagConfiguration.WithoutKafka.class})
class ConsoleRoutesConfiguration {

    @Bean
    PageController sagaConsolePages(ConsoleProperties properties) {
        return new PageController(properties.path());
    }

    @Bean
    MeController sagaConsoleMe(ConsoleSettings settings, CsrfCookie csrf, Callers callers) {
        return new MeController(settings, csrf, callers.canLogOut());
    }

    @Bean
    StuckController sagaConsoleStuck(
            StuckInbox inbox,
            GroupNotes notes,
            SetAside setAside,
            BoundedReads reads,
            ConsoleProperties properties,
            ConsoleSettings settings,
            ObjectProvider<InDoubtSource> inDoubt) {
        InDoubtSource source = inDoubt.getIfAvailable(() -> InDoubtSource.NONE);
        MoneyAtRisk money = new MoneyAtRisk(reads, inbox, properties.moneyAttribute(), properties.currencyAttribute());
        return new StuckController(inbox, notes, setAside, money, settings, source::number);
    }

    @Bean
    GroupController sagaConsoleGroups(FailureGroups groups, GroupNotes notes) {
        return new GroupController(groups, notes);
    }

    @Bean
    SagaTenants sagaConsoleTenants(BoundedReads reads, SagaRegistry registry, ConsoleProperties properties) {
        TenantAttribute.check(properties.tenant().attribute(), registry);
        return new SagaTenants(reads);
    }

    @Bean
    SagaData sagaConsoleData(
            BoundedReads reads,
            SagaRegistry registry,
            PayloadCodec codec,
            Masking masking,
            AuditLog log,
            SagaDatabase database) {
        return new SagaData(reads, registry, codec, masking, log, database.transactions());
    }

    @Bean
    SagaController sagaConsoleSagas(
            SagaFinder finder,
            SagaInspection inspection,
            SagaData data,
            Foresight foresight,
            AuditTrail trail,
            ConsoleSettings settings,
            SagaTenants tenants) {
        return new SagaController(finder, inspection, data, foresight, trail, settings, tenants);
    }

    @Bean
    VerbController sagaConsoleVerbRoutes(
            ConsoleVerbs verbs,
            Approvals approvals,
            Outcomes outcomes,
            AuditTrail trail,
            ConsoleSettings settings,
            SagaData data,
            SagaTenants tenants) {
        return new VerbController(verbs, approvals, outcomes, trail, settings, data, tenants);
    }

    @Bean
    ApprovalController sagaConsoleApprovalRoutes(Approvals approvals, Foresight foresight, SagaTenants tenants) {
        return new ApprovalController(approvals, foresight, tenants);
    }

    @Bean
    RunController sagaConsoleRunRoutes(BulkRuns runs, BulkForecast forecast, ConsoleSettings settings) {
        return new RunController(runs, forecast, settings);
    }

    @Bean
    OutboxController sagaConsoleOutboxRoutes(
            BoundedReads reads, OutboxOperations operations, AuditLog log, SagaDatabase database) {
        return new OutboxController(reads, operations, log, database.transactions());
    }

    @Bean
    OutboxEditController sagaConsoleOutboxEditRoutes(
            OutboxOperations operations,
            EditedData edits,
            Masking masking,
            AuditLog log,
            SagaDatabase database,
            ConsoleSettings settings) {
        return new OutboxEditController(
                database.jdbc(), operations, edits, masking, log, database.transactions(), settings);
    }

    @Bean
    MessageController sagaConsoleMessageRoutes(
            BoundedReads reads,
            SetAside setAside,
            ObjectProvider<ParkedMessages> parked,
            AuditLog log,
            SagaDatabase database) {
        PlatformTransactionManager transactions = database.transactions();
        return new MessageController(
                reads,
                setAside,
                new WaitingInbox(reads),
                parked.getIfAvailable(() -> new ParkedMessages(database.jdbc(), transactions)),
                log,
                transactions);
    }

    @Bean
    RawMessages sagaConsoleRawMessages(BoundedReads reads) {
        return new RawMessages(reads);
    }

    @Bean
    Contents sagaConsoleContents(Masking masking, SagaRegistry registry) {
        return new Contents(masking, KnownMessages.of(registry.all()));
    }

    @Bean
    ContentsController sagaConsoleContentsRoutes(
            RawMessages messages, Contents contents, AuditLog log, SagaDatabase database) {
        return new ContentsController(messages, contents, database.jdbc(), log, database.transactions());
    }

    @Bean
    ReplayController sagaConsoleReplayRoutes(Outcomes outcomes, AuditLog log, SagaDatabase database) {
        return new ReplayController(new Replays(database.jdbc()), outcomes, log, database.transactions());
    }

    @Bean
    RecordController sagaConsoleRecordRoutes(
            BoundedReads reads,
            RawMessages messages,
            RecordSource kafka,
            SagaTenants tenants,
            Contents contents,
            AuditLog log,
            SagaDatabase database) {
        return new RecordController(
                new NotedMessages(reads),
                new SentCommands(reads),
                messages,
                kafka,
                tenants,
                contents,
                log,
                database.transactions());
    }

    @Bean
    VersionController sagaConsoleVersionRoutes(Versions versions) {
        return new VersionController(versions);
    }

    @Bean
    ViewController sagaConsoleViewRoutes(SavedViews views, Masking masking, ConsoleSettings settings) {
        return new ViewController(views, masking, settings);
    }

    @Bean
    AuditController sagaConsoleAuditRoutes(AuditTrail trail, Masking masking) {
        return new AuditController(trail, masking);
    }

    @Bean
    OpenApiController sagaConsoleOpenApi() {
        return new OpenApiController();
    }
}
