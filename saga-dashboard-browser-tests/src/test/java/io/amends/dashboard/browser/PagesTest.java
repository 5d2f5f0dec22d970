package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages show and how they are used, with answers that are chosen here. */
@ExtendWith(InBrowser.class)
class PagesTest {

    private CannedConsole console;

    @BeforeEach
    void start() {
        console = CannedConsole.start();
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everybody_can_use_every_page(ColorScheme colours, Tabs tabs) {
        Page page = tabs.open(console.origin(), colours);
        Walk walk = Walk.from(page, console.url("stuck"));
        boolean isLight = colours == ColorScheme.LIGHT;
        Set<String> dialogs = new TreeSet<>();
        for (String path : ConsolePages.ALL) {
            walk.to(path);
            walk.open();
            if (path.equals("charts")) {
                assertThat(page.locator(".charts svg[role=img]")).hasCount(4);
            }
            expectAccessible(page, path);
            expectAsWideAsWindow(page, path);
            // In the dark they differ in their words alone.
            if (isLight || path.equals(ConsolePages.SAGA)) {
                walk.eachDialog("why", name -> {
                    dialogs.add(name);
                    expectAccessible(new AxeBuilder(page).include("dialog"), path + ": " + name);
                });
            }
        }
        assertThat(dialogs).contains("retry", "edit-and-retry", "unmask");
        if (isLight) {
            assertThat(dialogs).contains("edit", "note", "save", "approve", "settle", "resume", "drop", "discard");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 1280})
    void nothing_is_cut_off_in_a_phone_s_or_a_small_laptop_s_window(int width, Tabs tabs) {
        Page page = tabs.open(console.origin());
        page.setViewportSize(width, 800);
        for (String path : ConsolePages.ALL) {
            show(page, path);
            expectAsWideAsWindow(page, path);
            assertThat(page.evaluate("[...document.querySelectorAll('main .scroll')]"
                            + ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 60))"))
                    .as("what of %s has to be pushed aside to be read", path)
                    .isEqualTo(List.of());
            if (width == 390) {
                expectAccessible(page, path);
            }
        }
    }

    @Test
    void pages_speak_the_reader_s_language_and_leave_alone_what_others_wrote(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "stuck");
        page.evaluate("localStorage.setItem('amends.language', 'de')");
        Set<Object> missed = new TreeSet<>();
        for (String path : ConsolePages.ALL) {
            show(page, path);
            expectAsWideAsWindow(page, path);
            missed.addAll(
                    (List<?>)
                            page.evaluate(
                                    "import(document.baseURI + 'assets/i18n.js').then(i18n => [...i18n.missed].filter(text => /[a-z]{3,} [a-z]{2,}/.test(text)))"));
        }
        assertThat(missed)
                .as(
                        "texts of the pages that languages/de.js does not have, beyond what people wrote and what is German already")
                .isSubsetOf(
                        "mine since Monday",
                        "saga:money-transfer at:credit",
                        "the bank is away",
                        "40 gingen weiter, 6 erwartet, 2 wieder misslungen, 33 zu tun");
        show(page, ConsolePages.SAGA);
        expectAccessible(page, "in German");

        assertThat(page.locator("html")).hasAttribute("lang", "de");
        assertThat(page.locator("[data-verb=retry]")).hasText("Erneut versuchen");
        assertThat(page.locator(".todo").first()).containsText("Was zu tun ist: ");
        assertThat(page.locator("main")).containsText("account 4471 is closed");
        page.locator("#language").click();
        assertThat(page.locator("html")).hasAttribute("lang", "en");
        assertThat(page.locator("#language")).hasText("Language: auto");
    }

    @Test
    void keys_go_through_the_list_and_to_the_search(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "stuck");

        page.keyboard().press("j");
        page.keyboard().press("j");
        assertThat(page.locator("a[data-row]").nth(1)).isFocused();
        page.keyboard().press("k");
        assertThat(page.locator("a[data-row]").nth(0)).isFocused();
        page.keyboard().press("/");
        assertThat(page.getByLabel("Find sagas")).isFocused();
        page.keyboard().type("phase:STUCK");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(console.url("sagas?q=phase%3ASTUCK"));
        assertThat(page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName("Search").setLevel(1)))
                .isFocused();
        page.goBack();
        assertThat(page).hasURL(console.url("stuck"));
        page.keyboard().press("Tab");
    }

    @Test
    void the_first_tab_stop_leads_past_the_navigation(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "groups");
        page.evaluate("document.activeElement.blur()");

        Locator skip = page.locator(".skip");
        skip.focus();
        page.keyboard().press("Enter");

        assertThat(page.locator("main")).isFocused();
        assertThat(page).hasURL(console.url("groups"));
    }

    @Test
    void filters_are_in_the_address_and_can_be_taken_off(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "stuck");

        page.locator("[data-k='reason-RETRIES_EXHAUSTED']").click();
        assertThat(page).hasURL(console.url("stuck?reason=RETRIES_EXHAUSTED"));
        assertThat(page.locator(".facet[aria-current=true]")).hasCount(1);
        page.locator("[data-k='age-HOUR']").click();
        assertThat(page).hasURL(console.url("stuck?reason=RETRIES_EXHAUSTED&age=HOUR"));
        assertThat(page.locator(".facet[aria-current=true]")).hasCount(2);
        page.locator("[data-k='reason-RETRIES_EXHAUSTED']").click();
        assertThat(page).hasURL(console.url("stuck?age=HOUR"));
    }

    @Test
    void counts_come_by_themselves_while_somebody_looks(Tabs tabs) {
        console.streaming(true);
        Page page = tabs.open(console.origin());
        show(page, "stuck");
        assertThat(page.locator(".live")).hasAttribute("data-state", "live");

        console.send("counts", "{\"total\":125,\"isAll\":true,\"byReason\":{\"HOT_RETRY\":125}}");
        assertThat(page.locator(".tally")).hasText("125");

        hide(page, true);
        assertThat(page.locator(".live")).hasAttribute("data-state", "paused");
        page.waitForCondition(() -> {
            console.send("counts", "{\"total\":126,\"byReason\":{}}");
            return console.listeners() == 0;
        });
        assertThat(page.locator(".tally")).hasText("125");
        hide(page, false);
        assertThat(page.locator(".live")).hasAttribute("data-state", "live");
    }

    @Test
    void without_a_stream_the_page_asks_itself(Tabs tabs) {
        Page page = tabs.open(console.origin());
        page.clock().install();
        show(page, "stuck");
        assertThat(page.locator(".live")).hasAttribute("data-state", "polling");
        console.answer(
                "stuck/counts",
                200,
                "{\"total\":7,\"isAll\":true,\"byReason\":{},\"byDefinition\":{},\"byAge\":{},\"reasons\":{}}");

        page.clock().runFor(11_000);
        assertThat(page.locator(".tally")).hasText("7");
    }

    @Test
    void an_application_that_does_not_answer_is_told_and_tried_again(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "groups");
        console.answer(
                "outbox",
                503,
                "{\"title\":\"Service Unavailable\",\"code\":\"DATABASE_AWAY\",\"detail\":\"The database does not answer.\"}");

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Outbox"))
                .click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The database does not answer.");
        console.answer(
                "outbox",
                200,
                "{\"figures\":{\"oldest\":0,\"parkedKeys\":0},\"lanes\":[],\"relays\":[],\"segments\":[],\"parked\":[]}");
        page.getByText("Try again").click();
        assertThat(page.locator("main")).containsText("Nothing is parked.");
    }

    @Test
    void a_saga_whose_reply_is_overdue_leads_to_how_far_its_participant_is_behind(Tabs tabs) {
        console.answer(ConsolePages.SAGA, 200, """
                {"sagaId": "01939c5a-1111-7000-8000-000000000001", "name": "money-transfer", "version": 2, "key": "T-1",
                 "phase": "RUNNING", "revision": 3, "verbs": [], "timeline": [], "messages": [],
                 "verdict": {"reason": "REPLY_OVERDUE", "severity": "HIGH", "since": "2026-01-01T00:00:00Z", "action": "See."},
                 "steps": [
                   {"name": "reserve", "position": 1, "action": "COMMAND", "status": "SENT", "participant": "bank-a",
                    "forward": "OPEN", "backward": "NONE", "commands": "saga.bank-a.commands"},
                   {"name": "tell", "position": 2, "action": "COMMAND", "status": "PENDING", "participant": "mail",
                    "forward": "NONE", "backward": "NONE", "commands": "saga.mail.commands"}]}
                """);
        Page page = tabs.open(console.origin());
        show(page, ConsolePages.SAGA);

        assertThat(page.locator(".why")).containsText("1,204 records behind, 0 consumers");
        assertThat(page.locator(".why")).not().containsText("saga.mail.commands");
        page.getByText("Consumers of").click();

        assertThat(page).hasURL(console.url("outbox?topic=saga.bank-a.commands"));
        Locator row = page.locator("tr", new Page.LocatorOptions().setHas(page.locator("[aria-current=true]")));
        assertThat(row).containsText("partition 3: 1,100");
        assertThat(row.getByText("Runbook")).hasAttribute("href", "https://example.org/runbooks/REPLY_OVERDUE.md");
        console.answer(
                "lag", 200, "{\"topics\":[],\"omitted\":0,\"trouble\":\"Kafka did not answer.\",\"runbook\":\"x\"}");
        page.reload();
        assertThat(page.locator("main")).containsText("Kafka did not answer.");
        assertThat(page.locator("main")).containsText("Refused by Kafka");
    }

    @Test
    void no_module_is_long_and_nothing_is_parsed_as_markup() throws Exception {
        List<String> names = PageFiles.all();
        assertThat(names).contains("index.html", "assets/app.js", "assets/pages/saga.js");
        for (String name : names) {
            String text = PageFiles.text(name);
            assertThat(text.lines().count()).as(name).isLessThan(400);
            assertThat(text)
                    .as(name)
                    .doesNotContain(
                            "innerHTML",
                            "outerHTML",
                            "insertAdjacentHTML",
                            "document.write",
                            "eval(",
                            "new Function",
                            " style=\"",
                            "DOMParser");
            assertThat(text.replace("http://www.w3.org/2000/svg", ""))
                    .as(name + " names no other host")
                    .doesNotContain("http://", "https://", "//cdn");
        }
    }

    private void show(Page page, String path) {
        page.navigate(console.url(path));
        page.waitForSelector("main h1");
    }

    /** A button of the dialog. */
    static void press(Page page, String name) {
        page.locator("dialog")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    /** As if somebody went to another tab, or came back. */
    static void hide(Page page, boolean is) {
        page.evaluate(
                "is => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => is}); document.dispatchEvent(new Event('visibilitychange')); }",
                is);
    }

    /** What is wider scrolls in a box of its own. */
    static void expectAsWideAsWindow(Page page, String what) {
        assertThat(page.evaluate("""
                        document.documentElement.scrollWidth <= innerWidth ? []
                          : [...document.body.querySelectorAll('*')]
                              .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll, dialog'))
                              .map(e => e.outerHTML.slice(0, 120)).concat(['all of it']).slice(0, 5)"""))
                .as("what of %s is wider than the window", what)
                .isEqualTo(List.of());
    }

    static void expectAccessible(Page page, String what) {
        expectAccessible(new AxeBuilder(page), what);
    }

    private static void expectAccessible(AxeBuilder axe, String what) {
        assertThat(axe.setLegacyMode(true).analyze().getViolations().stream()
                        .filter(rule -> Set.of("serious", "critical").contains(rule.getImpact()))
                        .map(PagesTest::told))
                .as("what keeps people from using " + what)
                .isEmpty();
    }

    private static String told(Rule rule) {
        return rule.getId() + ": "
                + rule.getNodes().stream()
                        .limit(3)
                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                        .toList();
    }
}
