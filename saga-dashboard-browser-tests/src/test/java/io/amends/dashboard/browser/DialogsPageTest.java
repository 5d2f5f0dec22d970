package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dialogs stay what they are while the page behind them changes. */
@ExtendWith(InBrowser.class)
class DialogsPageTest {

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
    void what_an_order_would_do_is_told_though_the_page_behind_was_drawn_anew_meanwhile(Tabs tabs) {
        Page page = tabs.open(console.origin());
        List<Route> asked = new ArrayList<>();
        page.route("**/foresee", asked::add);
        page.navigate(console.url(ConsolePages.SAGA));
        page.locator("[data-verb=retry]").click();
        page.waitForCondition(() -> !asked.isEmpty());

        page.waitForResponse(
                answer -> answer.url().contains("/api/v1/sagas/"),
                () -> page.evaluate("() => { dispatchEvent(new PopStateEvent('popstate')); }"));
        asked.get(0).resume();

        assertThat(page.locator("dialog .foreseen"))
                .containsText("It would do this: sends the compensation of reserve-funds to bank-a");
    }
}
