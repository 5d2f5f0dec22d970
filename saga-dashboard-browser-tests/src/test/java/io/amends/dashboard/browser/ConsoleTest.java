package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.amends.dashboard.browser.Orders.expectOutcome;
import static io.amends.dashboard.browser.Orders.fill;
import static io.amends.dashboard.browser.Orders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.RequestOptions;
import io.amends.dashboard.browser.desk.DeskApplication;
import io.amends.saga.engine.SagaPhase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;

/** The console of a real application, as people use it. */
@ExtendWith(InBrowser.class)
class ConsoleTest {

    private static final double PATIENCE = 30_000;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Set<String> PICTURES = Set.of("stuck", "groups", "outbox");
    private static final List<String> PAGES = List.of(
            "stuck",
            "groups",
            "sagas?q=saga:money-transfer",
            "outbox",
            "messages",
            "in-doubt",
            "versions",
            "charts",
            "audit",
            "runs",
            "runs/new?q=phase:STUCK",
            "approvals");

    private static String database;
    private static Desk desk;

    @BeforeAll
    static void start() {
        database = EmbeddedPostgresServer.shared().freshDatabase();
        desk = Desk.start(database);
    }

    @AfterAll
    static void stop() {
        desk.close();
        DeskApplication.CLOSED.clear();
    }

    @Test
    void a_stuck_transfer_is_found_understood_and_repaired(Tabs tabs) {
        UUID id = desk.stuck("T-1", "the ledger is closed for the day");
        Page page = tabs.open(desk.origin());

        desk.enter(page, "stuck", "ada");
        assertThat(page).hasURL(Pattern.compile(".*/desk/amends/stuck.*"));
        page.locator("[data-k='saga-" + id + "']").click();
        assertThat(page.locator("h1")).hasText("T-1");
        assertThat(page.locator(".why"))
                .containsText("The attempts at a step are spent. Step 'credit' was sent to 'bank-b', 2 times.");
        assertThat(page.locator(".why")).containsText("Nothing follows by itself.");
        assertThat(page.locator(".forward [data-step=credit]")).hasAttribute("data-mark", "UNKNOWN");
        assertThat(page.locator(".forward [data-step=reserve-funds]")).hasAttribute("data-mark", "DONE");

        order(page, "retry", "Retry it", "maybe it is open again");
        expectOutcome(page, "FAILED_AGAIN");
        DeskApplication.CLOSED.remove("T-1");
        page.locator(".outcome").getByText("Close").click();
        order(page, "retry", "Retry it", "the bank called: it is open");
        expectOutcome(page, "PROGRESSED");

        assertThat(page.locator(".head .badge"))
                .hasText("Completed", new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE));
        assertThat(page.locator(".why")).containsText("It is over: every step is done.");
        assertThat(page.locator("[data-verb=retry]")).hasCount(0);
        page.navigate(desk.url("audit?saga=" + id));
        assertThat(page.locator("tbody tr")).hasCount(2);
        assertThat(page.locator("tbody tr").first()).containsText("from 127.0.0.1");
        assertThat(page.locator("tbody tr").first()).containsText("Stuck → Running");
        assertThat(page.locator("tbody")).containsText("maybe it is open again");
        assertThat(page.locator("tbody")).containsText("the bank called: it is open");
    }

    @Test
    void of_two_who_order_at_once_one_has_an_effect_and_the_other_is_told_who_was_faster(Tabs tabs) {
        UUID id = desk.stuck("T-2", "closed");
        Page ada = tabs.open(desk.origin());
        Page bob = tabs.open(desk.origin());
        desk.enter(ada, "sagas/" + id, "ada");
        desk.enter(bob, "sagas/" + id, "bob");
        fill(ada, "retry", "ada thinks it is open");
        fill(bob, "retry", "bob thinks it is open");
        DeskApplication.CLOSED.remove("T-2");

        PagesTest.press(ada, "Retry it");
        assertThat(ada.locator(".outcome")).isVisible();
        PagesTest.press(bob, "Retry it");

        assertThat(bob.locator("dialog .said")).containsText("Nothing was done");
        assertThat(bob.locator("dialog .said")).containsText("It changed since you looked");
        PagesTest.press(bob, "Look again");
        expectOutcome(ada, "PROGRESSED");
        bob.navigate(desk.url("audit?saga=" + id));
        assertThat(bob.locator("tbody .badge").getByText("Refused")).hasCount(1);
        // The audit's own line is settled a little later than who asks for it is told.
        bob.waitForCondition(
                () -> {
                    bob.reload();
                    bob.waitForSelector("tbody tr");
                    return bob.locator("tbody .badge").getByText("Progressed").count() == 1;
                },
                new Page.WaitForConditionOptions().setTimeout(PATIENCE));
    }

    @Test
    void each_verb_is_ordered_from_the_page(Tabs tabs) {
        Page page = tabs.open(desk.origin());
        desk.enter(page, "sagas/" + desk.stuck("V-1", "closed"), "ada");
        order(page, "pause", "Pause it", "let us wait for the bank");
        expectOutcome(page, "PROGRESSED");
        assertThat(page.locator(".why")).containsText("Paused");
        order(page, "resume", "Resume it", "they are back");
        assertThat(page.locator("[data-verb=pause]")).isVisible();

        page.locator("[data-verb=skip]").click();
        page.locator("dialog select").selectOption("credit");
        assertThat(page.locator("dialog .foreseen")).containsText("It would do this");
        page.getByLabel("Reason").fill("credited by hand");
        PagesTest.press(page, "Skip the step");
        assertThat(page.locator(".head .badge"))
                .hasText("Completed", new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE));

        page.navigate(desk.url("sagas/" + desk.stuck("V-2", "closed")));
        order(page, "compensate", "Compensate it", "the customer changed their mind");
        assertThat(page.locator(".head .badge"))
                .hasText("Compensated", new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE));
        assertThat(page.locator(".backward [data-step=reserve-funds]")).hasAttribute("data-mark", "DONE");

        page.navigate(desk.url("sagas/" + desk.stuck("V-3", "closed")));
        page.locator("[data-verb=extend-deadline]").click();
        assertThat(page.locator(".ids time[datetime^='2040-']")).hasCount(0);
        page.getByLabel("New deadline").fill("2040-01-31T12:00");
        page.getByLabel("Reason").fill("the bank asks for more time");
        PagesTest.press(page, "Extend it");
        assertThat(page.locator("dialog")).hasCount(0);
        Object deadline = page.evaluate("new Date('2040-01-31T12:00').toISOString().slice(0, 19)");
        assertThat(page.locator(".ids span:has-text('Deadline') time"))
                .hasAttribute("datetime", Pattern.compile("^" + deadline + ".*"));
    }

    @Test
    void what_cannot_be_taken_back_needs_a_second_person(Tabs tabs) {
        UUID id = desk.stuck("V-4", "closed");
        Page ada = tabs.open(desk.origin());
        Page bob = tabs.open(desk.origin());
        desk.enter(ada, "sagas/" + id, "ada");

        order(ada, "resolve", "End it", "paid at the counter");
        assertThat(ada.locator(".outcome")).containsText("a second person is needed");
        assertThat(desk.phase("V-4")).isEqualTo(SagaPhase.STUCK);
        ada.navigate(desk.url("approvals"));
        assertThat(ada.locator("main")).containsText("paid at the counter");
        assertThat(ada.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve")))
                .hasCount(0);
        desk.enter(bob, "approvals", "bob");
        bob.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve"))
                .click();
        PagesTest.press(bob, "Approve");

        await().atMost(LONG).until(() -> desk.phase("V-4") == SagaPhase.COMPLETED);
        bob.navigate(desk.url("audit?saga=" + id));
        assertThat(bob.locator("tbody")).containsText("approved by bob");
    }

    @Test
    void a_command_without_an_answer_is_found_in_kafka_where_its_participant_read_it(Tabs tabs) throws SQLException {
        JdbcTemplate jdbc = new JdbcTemplate(desk.bean(DataSource.class));
        UUID command;
        String place;
        try (Connection other = desk.bean(DataSource.class).getConnection();
                Statement books = other.createStatement()) {
            other.setAutoCommit(false);
            // The bank reads the command and can't write, so that it does not answer.
            books.execute("lock table desk_credit in exclusive mode");
            UUID id = desk.transfer("K-1", "rent");
            await().atMost(LONG)
                    .until(() -> jdbc.queryForObject(
                                    "select count(*) from saga_inbox_redelivery where saga_id = ?", Integer.class, id)
                            == 1);
            command = jdbc.queryForObject(
                    "select message_id from saga_timeline where saga_id = ? and event = 'Sent' and step = 'credit'",
                    UUID.class,
                    id);
            Page page = tabs.open(desk.origin());
            desk.enter(page, "sagas/" + id, "vic");
            Locator told = page.locator("[data-place='" + command + "']");
            page.waitForCondition(
                    () -> {
                        page.locator("[data-k='place-" + command + "']").click();
                        assertThat(told).not().containsText("Kafka is being asked.");
                        return told.textContent()
                                .contains("Group saga.bank-b.commands has read it, and no reply came here.");
                    },
                    new Page.WaitForConditionOptions().setTimeout(PATIENCE));
            place = told.locator("code").textContent();
            other.rollback();
        }
        await().atMost(LONG).until(() -> desk.phase("K-1") == SagaPhase.COMPLETED);

        assertThat(place).startsWith("saga.bank-b.commands-0@");
        assertThat(jdbc.queryForObject(
                        "select command_place from saga_timeline where command_id = ?", String.class, command))
                .as("where the bank says that it read it")
                .isEqualTo(place);
    }

    @Test
    void a_session_that_ends_leads_to_the_login_and_back_to_the_same_page(Tabs tabs) {
        UUID id = desk.stuck("T-3", "closed");
        Page page = tabs.open(desk.origin());
        desk.enter(page, "stuck", "ada");

        page.context().clearCookies();
        page.locator("[data-k='saga-" + id + "']").click();
        page.getByLabel("Password").waitFor();
        page.getByLabel("Name").fill("ada");
        page.getByLabel("Password").fill("ada-pass");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("T-3");
        assertThat(page).hasURL(Pattern.compile(".*/desk/amends/sagas/" + id + ".*"));

        fill(page, "retry", "what was written here is not lost");
        page.context().clearCookies(new BrowserContext.ClearCookiesOptions().setName("JSESSIONID"));
        PagesTest.press(page, "Retry it");
        assertThat(page.locator("dialog .said")).containsText("Nothing was done.");
        assertThat(page.getByLabel("Reason")).hasValue("what was written here is not lost");
        assertThat(desk.phase("T-3")).isEqualTo(SagaPhase.STUCK);
    }

    @Test
    void each_role_sees_what_it_may_do(Tabs tabs) {
        UUID id = desk.stuck("T-4", "closed");
        for (Map.Entry<String, List<String>> person : Map.of(
                        "vic", List.<String>of(),
                        "olga", List.of("retry", "pause", "extend-deadline"),
                        "ada", List.of("retry", "skip", "compensate", "resolve", "pause", "extend-deadline"))
                .entrySet()) {
            Page page = tabs.open(desk.origin());
            desk.enter(page, "sagas/" + id, person.getKey());
            assertThat(page.locator(".why [data-verb]").all().stream()
                            .map(verb -> verb.getAttribute("data-verb"))
                            .filter(verb -> !verb.equals("resume-from-step")))
                    .as(person.getKey())
                    .containsExactlyInAnyOrderElementsOf(person.getValue());
            assertThat(page.locator("[data-k=unmask]")).hasCount(person.getKey().equals("ada") ? 1 : 0);
            page.locator("header .end").getByText("Log out").click();
            page.getByLabel("Password").waitFor();
        }
    }

    @Test
    void a_console_that_is_read_only_offers_nothing_and_takes_nothing(Tabs tabs) {
        UUID id = desk.stuck("T-5", "closed");
        try (Desk quiet = Desk.start(database, "--saga.console.read-only=true")) {
            Page page = tabs.open(quiet.origin());
            quiet.enter(page, "sagas/" + id, "ada");

            assertThat(page.locator(".top .badge")).hasText("Read only");
            assertThat(page.locator("[data-verb]")).hasCount(0);
            String token = page.context().cookies().stream()
                    .filter(cookie -> cookie.name.equals("XSRF-TOKEN"))
                    .findFirst()
                    .orElseThrow()
                    .value;
            APIResponse refused = page.request()
                    .post(
                            quiet.url("api/v1/sagas/" + id + "/retry"),
                            RequestOptions.create()
                                    .setHeader("X-XSRF-TOKEN", token)
                                    .setHeader("If-Match", "\"1\"")
                                    .setData(Map.of("reason", "nevertheless")));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("READ_ONLY");
        }
    }

    @Test
    void hostile_text_stays_text_and_secrets_stay_secret(Tabs tabs) {
        String hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> \u202Etxt.exe \u0007 ";
        UUID id = desk.stuck("T-6 " + hostile, hostile + " pin=pin-of-ada password: hunter2");
        desk.transfer("T-7 " + hostile, hostile + "x".repeat(1024 * 1024));
        Page page = tabs.open(desk.origin());
        desk.enter(page, "stuck", "ada");
        for (String path : PAGES) {
            show(page, path);
            expectNoSecret(page, path);
        }
        show(page, "sagas?q=" + "saga%3Amoney-transfer%20phase%3ASTUCK");
        show(page, "sagas/" + id);
        assertThat(page.locator("pre")).containsText("\"answer\": \"***\"");
        assertThat(page.locator("h1")).containsText("<img src=x");
        assertThat(page.locator("main img")).hasCount(0);
        expectNoSecret(page, "the saga");

        page.locator("[data-k=unmask]").click();
        page.getByLabel("Reason").fill("the customer asked what we have");
        PagesTest.press(page, "Show it");
        assertThat(page.locator("pre")).containsText("the-dog-is-called-Rex");
        page.navigate(desk.url("audit?saga=" + id));
        assertThat(page.locator("tbody")).containsText("Unmask");
    }

    @Test
    void everybody_can_use_the_pages_of_a_real_application(Tabs tabs) {
        UUID id = desk.stuck("T-8", "the ledger is closed for the day");
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = tabs.open(desk.origin(), colours);
            page.navigate(desk.url("stuck"));
            page.getByLabel("Password").waitFor();
            PagesTest.expectAccessible(page, "login");
            desk.enter(page, "stuck", "ada");
            // Pages in the dark are looked at one by one in PagesTest.
            for (String path : colours == ColorScheme.LIGHT ? PAGES : PAGES.subList(0, 1)) {
                show(page, path);
                if (path.equals("charts")) {
                    expectChart(page);
                }
                PagesTest.expectAccessible(page, path);
                shoot(page, path.replaceAll("[?/].*", ""), colours);
            }
            show(page, "sagas/" + id);
            PagesTest.expectAccessible(page, "saga");
            shoot(page, "saga", colours);
        }
    }

    private static void show(Page page, String path) {
        page.navigate(desk.url(path));
        page.waitForSelector("main h1");
        assertThat(page.locator("main [role=alert]").all().stream().map(Locator::textContent))
                .as("what %s says is wrong", path)
                .isEmpty();
    }

    /** A point is noted every ten seconds since the process started, and two make a line. */
    private static void expectChart(Page page) {
        page.waitForCondition(
                () -> {
                    if (page.locator(".charts path.line[d^=M]").count() > 0) {
                        return true;
                    }
                    show(page, "charts");
                    return false;
                },
                new Page.WaitForConditionOptions().setTimeout(PATIENCE));
    }

    private static void expectNoSecret(Page page, String what) {
        assertThat(page.content())
                .as(what)
                .doesNotContain("the-dog-is-called-Rex", "DE02120300000000202051", "pin-of-ada", "hunter2");
    }

    /** Pictures for the docs, when they are asked for. */
    private static void shoot(Page page, String name, ColorScheme colours) {
        boolean isInDocs = name.equals("saga") || (PICTURES.contains(name) && colours == ColorScheme.LIGHT);
        if (Boolean.getBoolean("screenshots") && isInDocs) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of("../docs/images/console-%s%s.png"
                            .formatted(name, colours == ColorScheme.LIGHT ? "" : "-dark"))));
        }
    }
}
