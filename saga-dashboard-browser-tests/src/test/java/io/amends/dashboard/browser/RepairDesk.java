package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.amends.dashboard.browser.desk.DeskApplication;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;

/** One real application that may also edit and commits over two databases, and people who repair what its sagas and messages met. */
@ExtendWith(InBrowser.class)
abstract class RepairDesk {

    static final double PATIENCE = 30_000;
    static final Duration LONG = Duration.ofSeconds(30);

    static String bank;
    static Desk desk;
    static JdbcTemplate jdbc;

    @BeforeAll
    static void start() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        bank = postgres.freshDatabase();
        desk = Desk.start(
                postgres.freshDatabase(),
                "--saga.console.edit=true",
                "--desk.second-version=true",
                "--desk.letters=true",
                "--saga.inbox.attempts=1",
                "--saga.twopc.installation=desk",
                "--saga.twopc.coordinator=here",
                "--saga.twopc.participants.bank-a.url=" + bank,
                "--saga.twopc.participants.bank-a.username=" + postgres.username(),
                "--saga.twopc.participants.bank-a.password=" + postgres.password(),
                "--saga.twopc.concurrency=2",
                "--saga.twopc.take-over-after=1h");
        jdbc = new JdbcTemplate(desk.bean(DataSource.class));
    }

    @AfterAll
    static void stop() {
        desk.close();
        DeskApplication.CLOSED.clear();
    }

    static Page enter(Tabs tabs, String path, String user) {
        Page page = tabs.open(desk.origin());
        desk.enter(page, path, user);
        return page;
    }

    static void expectPhase(Page page, String phase) {
        assertThat(page.locator(".head .badge"))
                .hasText(phase, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE));
    }

    static Locator button(Page page, String name) {
        return page.locator("main")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    static void give(Page page, String what, String reason) {
        page.getByLabel("Reason").fill(reason);
        PagesTest.press(page, what);
        assertThat(page.locator("dialog")).hasCount(0);
    }

    /** Pictures for the docs, when they are asked for. */
    static void shoot(Page page, String name, boolean whole) {
        if (Boolean.getBoolean("screenshots")) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(whole)
                    .setPath(Path.of("../docs/images/console-%s.png".formatted(name))));
        }
    }
}
