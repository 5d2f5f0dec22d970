package io.amends.dashboard.browser;

import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import io.amends.dashboard.browser.desk.DeskApplication;
import io.amends.dashboard.browser.desk.DeskApplication.MoneyTransfer;
import io.amends.dashboard.browser.desk.DeskApplication.Transfer;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.outbox.RelayOwner;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/** A process of the application with the console, on real servers. */
final class Desk implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext application;

    private Desk(ConfigurableApplicationContext application) {
        this.application = application;
    }

    /** Another process of the same application, if it has the same database. */
    static Desk start(String database, String... more) {
        List<String> arguments = arguments(database);
        arguments.add("--server.port=0");
        arguments.addAll(List.of(more));
        return new Desk(new SpringApplicationBuilder(DeskApplication.class).run(arguments.toArray(String[]::new)));
    }

    /** What every process of the application is started with. */
    static List<String> arguments(String database) {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        return new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.servlet.context-path=/desk",
                "--spring.application.name=transfer-desk",
                "--spring.main.banner-mode=off",
                "--spring.datasource.url=" + database,
                "--spring.datasource.username=" + postgres.username(),
                "--spring.datasource.password=" + postgres.password(),
                "--spring.kafka.bootstrap-servers="
                        + EmbeddedKafkaBroker.shared().bootstrapServers(),
                "--saga.topics.partitions=1",
                "--saga.orchestrator.timer-interval=50ms",
                "--saga.participant.redelivery-attempts=1",
                "--saga.flow.breaker.enabled=false",
                "--saga.console.enabled=true",
                // Changes are told as soon as they can be, however slow this machine is.
                "--saga.console.live-load=1",
                "--saga.history.keep-data=true",
                "--saga.console.money-attribute=amount",
                "--saga.console.four-eyes=resolve"));
    }

    String origin() {
        return "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
    }

    String url(String page) {
        return origin() + "/desk/amends/" + page;
    }

    <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    /** Opens a page, and logs in when asked to. */
    void enter(Page page, String path, String user) {
        enter(page, origin(), path, user);
    }

    /** Likewise, at the process that has that origin. */
    static void enter(Page page, String origin, String path, String user) {
        page.navigate(origin + "/desk/amends/" + path);
        page.getByLabel("User name").or(page.getByLabel("Name")).first().fill(user);
        page.getByLabel("Password").fill(user + "-pass");
        page.keyboard().press("Enter");
        page.waitForSelector("main h1");
    }

    UUID transfer(String key, String note) {
        return bean(Sagas.class)
                .start(
                        MoneyTransfer.class,
                        new Transfer(key, "120.50", note, "DE02120300000000202051", "the-dog-is-called-Rex", "NEW"),
                        SagaKey.of(key))
                .sagaId();
    }

    /** A transfer that is stuck, since its bank says that. */
    UUID stuck(String key, String why) {
        DeskApplication.CLOSED.put(key, why);
        UUID id = transfer(key, "rent");
        await().atMost(PATIENCE).until(() -> phase(key) == SagaPhase.STUCK);
        return id;
    }

    SagaPhase phase(String key) {
        return bean(Sagas.class)
                .find("money-transfer", SagaKey.of(key))
                .orElseThrow()
                .phase();
    }

    /** What the process is called where it says that it is at something. */
    String name() {
        return bean(RelayOwner.class).name();
    }

    /** From now on it carries no runs out, and leaves them to other processes; it does everything else. */
    void leaveRuns() {
        runs().stop();
    }

    /** It looks for runs again. */
    void takeRuns() {
        runs().start();
    }

    private SmartLifecycle runs() {
        return application.getBean("sagaConsoleLifecycle", SmartLifecycle.class);
    }

    @Override
    public void close() {
        application.close();
    }
}
