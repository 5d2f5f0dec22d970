package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Saved searches on the search page, with answers that are chosen here; nobody touches a mouse. */
@ExtendWith(InBrowser.class)
class ViewsPageTest {

    private static final String MINE = "01939c5a-5555-7000-8000-000000000001";
    private static final String OURS = "01939c5a-5555-7000-8000-000000000002";

    private CannedConsole console;

    @BeforeEach
    void start() {
        console = CannedConsole.start();
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void a_search_is_opened_by_its_name_and_another_one_is_saved(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "sagas");
        page.locator("[data-k='view-" + OURS + "']").focus();
        page.keyboard().press("Enter");
        assertThat(page).hasURL(console.url("sagas?q=reason%3AREPLY_OVERDUE+participant%3Abank-a"));

        page.locator("[data-k=save-view]").focus();
        page.keyboard().press("Enter");
        assertThat(page.getByLabel("Name")).isFocused();
        PagesTest.expectAccessible(page, "saving a search");
        page.keyboard().type("late ones");
        page.keyboard().press("Tab");
        assertThat(page.getByLabel("Searches for")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        page.keyboard().press("Tab");
        assertThat(page.getByLabel("Reason")).isFocused();
        PagesTest.expectAccessible(page, "sharing a search");
        page.keyboard().type("all need it");
        page.keyboard().press("Enter");

        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(page.locator("[data-k=save-view]")).isFocused();
        CannedConsole.Order order = console.orders().get(0);
        assertThat(order.path()).isEqualTo("views");
        assertThat(order.body())
                .isEqualTo("{\"name\":\"late ones\",\"q\":\"phase:STUCK\",\"shared\":true,\"reason\":\"all need it\"}");
    }

    @Test
    void a_saved_search_is_changed_and_deleted(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "sagas");
        page.locator("[data-k='change-" + MINE + "']").focus();
        page.keyboard().press("Enter");
        assertThat(page.getByLabel("Name")).hasValue("mine since Monday");
        PagesTest.expectAccessible(page, "changing a search");
        page.getByLabel("Name").fill("mine");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).hasCount(0);
        page.locator("[data-k='delete-" + OURS + "']").focus();
        page.keyboard().press("Enter");
        page.getByLabel("Reason").fill("the bank is back");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).hasCount(0);

        assertThat(console.orders())
                .extracting(order -> order.path() + " " + order.revision() + " " + order.body())
                .containsExactly(
                        "views/" + MINE
                                + " \"2\" {\"name\":\"mine\",\"q\":\"phase:STUCK created>2026-01-05T00:00:00Z\"}",
                        "views/" + OURS + "/delete \"1\" {\"reason\":\"the bank is back\"}");
    }

    @Test
    void who_may_not_share_changes_what_is_theirs_alone(Tabs tabs) {
        console.answer(
                "me",
                200,
                "{\"actor\":\"vic\",\"roles\":[\"VIEWER\"],\"permissions\":[\"VIEW\"],\"application\":\"desk\",\"fourEyes\":[],\"features\":{}}");
        Page page = tabs.open(console.origin());
        show(page, "sagas?q=phase:STUCK");

        assertThat(page.locator("[data-k='change-" + MINE + "']")).hasCount(1);
        assertThat(page.locator("[data-k='change-" + OURS + "']")).hasCount(0);
        page.locator("[data-k=save-view]").click();
        assertThat(page.locator("dialog input[type=checkbox]")).hasCount(0);
    }

    private void show(Page page, String path) {
        page.navigate(console.url(path));
        page.waitForSelector("main h1");
    }
}
