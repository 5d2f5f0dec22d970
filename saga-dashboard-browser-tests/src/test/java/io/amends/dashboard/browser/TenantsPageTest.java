package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** What somebody is shown who sees the sagas of some tenants only, with answers that are chosen here. */
@ExtendWith(InBrowser.class)
class TenantsPageTest {

    private static final String ME = """
            {"actor":"vic","roles":["OPERATOR"],"permissions":["VIEW","OPERATE","BULK","APPROVE"],"verbs":["retry","pause","resume","extend-deadline"],"application":"desk",
             "tenants":["Bonn","Kiel"],"fourEyes":[],"features":{"twopc":false,"outbox":false,"all":false,"bulk":true}}""";

    /** What a message holds that was set aside, which is asked for among those of all. */
    private static final String OF_ALL = "[data-k='contents-saga.bank-a.replies-0-7']";

    private CannedConsole console;

    @BeforeEach
    void start() {
        console = CannedConsole.start(TenantsPageTest::withMessageSetAside);
        console.answer("me", 200, ME);
        console.answer(
                "events",
                403,
                "{\"title\":\"Forbidden\",\"code\":\"ALL_TENANTS\",\"detail\":\"This is about all tenants' sagas.\"}");
    }

    private static JsonNode withMessageSetAside(JsonNode answers) {
        ((ArrayNode) answers.path("sagas/*").path("messages"))
                .addObject()
                .put("where", "QUARANTINED")
                .put("type", "UNKNOWN_TYPE")
                .put("topic", "saga.bank-a.replies")
                .put("partition", 0)
                .put("offset", 7)
                .put("reason", "nobody knows 'paid'");
        return answers;
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void whose_sagas_are_shown_is_told_and_nothing_is_offered_that_is_refused(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "stuck");

        assertThat(page.locator("[data-k=tenants]")).hasText("Tenants: Bonn, Kiel");
        assertThat(page.locator(".live")).hasAttribute("data-state", "polling");
        assertThat(page.locator(".side a").all().stream()
                        .map(Locator::textContent)
                        .map(text -> text.replaceAll("[0-9≥ ]+$", "")))
                .isEqualTo(List.of("Stuck", "Failure groups", "Search", "Runs", "Approvals", "Audit"));
        PagesTest.expectAccessible(page, "the frame with tenants");
        show(page, "groups");
        assertThat(page.locator("main .button:has-text('Order …')").first()).isVisible();
        assertThat(page.locator("main button:has-text('Note …')")).hasCount(0);
        show(page, "sagas?q=phase:STUCK");
        page.locator("[data-k=save-view]").click();
        assertThat(page.locator("dialog input[type=checkbox]")).hasCount(0);
    }

    @Test
    void nothing_is_offered_that_is_about_all_tenants(Tabs tabs) {
        String repairs = ME.replace("\"OPERATE\"", "\"OPERATE\",\"REPAIR\"");
        console.answer("me", 200, repairs.replace("\"retry\"", "\"retry\",\"resolve\""));
        Page page = tabs.open(console.origin());
        show(page, ConsolePages.SAGA);

        assertThat(page.getByText("nobody knows 'paid'")).hasCount(1);
        // The saga's own.
        assertThat(page.locator("[data-k='contents-bank-a.commands-1@998']")).hasCount(1);
        assertThat(page.locator(OF_ALL)).hasCount(0);
        show(page, "runs/new?q=phase:STUCK");
        assertThat(page.locator("#run-verb option[value=resolve]")).hasCount(1);
        assertThat(page.locator("#run-verb option[value=migrate]")).hasCount(0);
        console.answer(
                "me",
                200,
                repairs.replace("\"retry\"", "\"retry\",\"migrate\"").replace("\"all\":false", "\"all\":true"));
        show(page, ConsolePages.SAGA);
        assertThat(page.locator(OF_ALL)).hasCount(1);
        show(page, "runs/new?q=phase:STUCK");
        assertThat(page.locator("#run-verb option[value=migrate]")).hasCount(1);
    }

    @Test
    void approving_what_could_make_a_saga_another_tenant_s_is_not_offered(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "approvals/01939c5a-3333-7000-8000-000000000001");

        assertThat(page.locator("main [data-k^=decline-]")).hasCount(1);
        assertThat(page.locator("main [data-k^=approve-]")).hasCount(0);
        console.answer("me", 200, ME.replace("\"all\":false", "\"all\":true"));
        show(page, "approvals/01939c5a-3333-7000-8000-000000000001");
        assertThat(page.locator("main [data-k^=approve-]")).hasCount(1);
    }

    private void show(Page page, String path) {
        page.navigate(console.url(path));
        page.waitForSelector("main h1");
    }
}
