package io.amends.dashboard.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.live.EventsController;
import io.amends.dashboard.live.LiveFeed;
import io.amends.dashboard.messages.SetAside;
import io.amends.dashboard.refresh.SharedReads;
import io.amends.dashboard.rest.ConsoleServlet;
import io.amends.dashboard.rest.ConsoleSettings;
import io.amends.dashboard.rest.GroupController;
import io.amends.dashboard.rest.MoneyAtRisk;
import io.amends.dashboard.rest.OutboxController;
import io.amends.dashboard.rest.StuckController;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.operations.OutboxOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The console's servlet in a Tomcat, with the routes that open pages ask again and again. Everybody may look. */
final class TabsConsole implements AutoCloseable {

    private final Tomcat tomcat = new Tomcat();
    private final LiveFeed feed;
    private final ConsoleServlet servlet;

    /** On that database. */
    TabsConsole(HikariDataSource pool) throws IOException, LifecycleException {
        BoundedReads reads = new BoundedReads(pool, Duration.ofSeconds(20));
        StuckAllowances allowances = StuckAllowances.DEFAULT;
        StuckInbox inbox = new StuckInbox(reads, allowances);
        JdbcTemplate jdbc = new JdbcTemplate(pool);
        JdbcTransactionManager transactions = new JdbcTransactionManager(pool);
        AuditLog log = new AuditLog(jdbc, line -> {});
        GroupNotes notes = new GroupNotes(reads, jdbc, transactions, log, text -> text);
        ConsoleSettings settings = new ConsoleSettings(
                true, Set.of(), Duration.ofDays(1), "tabs", null, null, null, false, false, null, Map.of());
        SharedReads shared = new SharedReads(SharedReads.DEFAULT_LOAD);
        feed = new LiveFeed(inbox, reads, shared);
        Caller caller = new Caller("ann", null, Set.of(ConsoleRole.VIEWER), TenantScope.ALL);
        servlet = new ConsoleServlet(
                List.of(
                        new StuckController(
                                inbox,
                                notes,
                                new SetAside(reads),
                                new MoneyAtRisk(reads, inbox, "customer", null),
                                settings,
                                OptionalLong::empty),
                        new GroupController(new FailureGroups(reads, allowances), notes),
                        new OutboxController(
                                reads,
                                new OutboxOperations(jdbc, transactions, new OutboxLimits(1_000_000), () -> {}),
                                log,
                                transactions),
                        new EventsController(feed)),
                request -> Optional.of(caller),
                new Masking(List.of(), Set.of()),
                true,
                shared);
        tomcat.setBaseDir(Files.createTempDirectory("tabs").toString());
        tomcat.setPort(0);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "console", servlet.servlet()).setAsyncSupported(true);
        context.addServletMappingDecoded("/amends/*", "console");
        tomcat.getConnector();
        tomcat.start();
    }

    String url() {
        return "http://127.0.0.1:%d/amends/api/v1/"
                .formatted(tomcat.getConnector().getLocalPort());
    }

    @Override
    public void close() throws LifecycleException {
        feed.close();
        tomcat.stop();
        tomcat.destroy();
        servlet.close();
    }
}
