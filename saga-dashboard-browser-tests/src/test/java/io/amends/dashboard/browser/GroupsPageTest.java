package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page of failure groups, with answers that are chosen here. */
@ExtendWith(InBrowser.class)
class GroupsPageTest {

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
    void what_is_known_of_a_group_is_seen_and_changed(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "groups");
        assertThat(page.locator("main")).containsText("The ledger opens again at six.");
        assertThat(page.locator("main .badge:has-text('Muted until')")).hasCount(1);
        assertThat(page.locator(".frames li"))
                .hasText(new String[] {"com.bank.Ledger.credit:212", "com.bank.Accounts.credit:88"});

        page.locator("[data-k='note-0123456789abcdef']").click();
        assertThat(page.getByLabel("Owner")).hasValue("team ledger");
        PagesTest.expectAccessible(page, "a note");
        page.getByLabel("Note", new Page.GetByLabelOptions().setExact(true)).fill("The ledger is open.");
        page.getByLabel("No alerts until").fill("");
        page.getByLabel("Reason").fill("it opened");
        PagesTest.press(page, "Write it down");

        assertThat(page.locator("dialog")).hasCount(0);
        CannedConsole.Order order = console.orders().get(0);
        assertThat(order.path()).isEqualTo("groups/0123456789abcdef/note");
        assertThat(order.revision()).isEqualTo("\"3\"");
        assertThat(order.body())
                .isEqualTo(
                        "{\"note\":\"The ledger is open.\",\"owner\":\"team ledger\",\"reason\":\"it opened\",\"mutedUntil\":null}");
        show(page, "stuck");
        assertThat(page.locator("tr:has-text('T-2107')")).containsText("muted");
        assertThat(page.locator("tr:has-text('T-2041')")).not().containsText("muted");
    }

    @Test
    void a_saga_s_page_says_where_in_the_code_it_was_thrown(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "sagas/01939c5a-1111-7000-8000-000000000001");

        assertThat(page.locator(".why .frames li"))
                .hasText(new String[] {"com.bank.Accounts.release:131", "com.bank.AccountsHandler.onRelease:40"});
    }

    private void show(Page page, String path) {
        page.navigate(console.url(path));
        page.waitForSelector("main h1");
    }
}
