package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;

/** Orders to a saga, as people give them on its page. */
final class Orders {

    private static final double PATIENCE = 30_000;

    private Orders() {}

    /** Begins an order, and leaves it open. */
    static void fill(Page page, String verb, String reason) {
        page.locator("[data-verb='" + verb + "']").click();
        page.getByLabel("Reason").fill(reason);
    }

    /** Gives it once the page says what it would do. */
    static void order(Page page, String verb, String button, String reason) {
        fill(page, verb, reason);
        assertThat(page.locator("dialog .foreseen")).not().hasText("Asking what it would do …");
        PagesTest.press(page, button);
        assertThat(page.locator("dialog")).hasCount(0);
    }

    /** Waits until the page says that of the latest order. */
    static void expectOutcome(Page page, String state) {
        assertThat(page.locator(".outcome").first())
                .hasAttribute("data-state", state, new LocatorAssertions.HasAttributeOptions().setTimeout(PATIENCE));
    }
}
