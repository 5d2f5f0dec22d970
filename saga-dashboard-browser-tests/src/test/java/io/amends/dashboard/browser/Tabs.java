package io.amends.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;

/** The tabs of one test, and what they met that should not be. Used by one thread. */
final class Tabs implements AutoCloseable {

    private final Browser browser;
    private final List<BrowserContext> open = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();

    Tabs(Browser browser) {
        this.browser = browser;
    }

    /** A tab of somebody who has not been here before. No request may leave that origin. */
    Page open(String origin) {
        return open(origin, ColorScheme.LIGHT);
    }

    /** The same, with the colours that they like. */
    Page open(String origin, ColorScheme colours) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(colours)
                .setLocale("en-GB")
                .setTimezoneId("UTC")
                .setViewportSize(1440, 900));
        context.setDefaultTimeout(30_000);
        open.add(context);
        context.onRequest(request -> {
            String url = request.url();
            if (!url.startsWith(origin + "/") && !url.startsWith("data:")) {
                troubles.add("left the origin: " + url);
            }
        });
        context.onWebError(error -> troubles.add("threw: " + error.error()));
        context.onDialog(dialog -> {
            troubles.add("a script ran: " + dialog.message());
            dialog.dismiss();
        });
        context.onConsoleMessage(message -> {
            // The browser notes each answer that is no success; tests look at what the page makes of it.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                troubles.add("console: " + message.text());
            }
        });
        return context.newPage();
    }

    void expectNoTrouble() {
        assertThat(troubles).as("what the tabs met").isEmpty();
    }

    @Override
    public void close() {
        open.forEach(BrowserContext::close);
    }
}
