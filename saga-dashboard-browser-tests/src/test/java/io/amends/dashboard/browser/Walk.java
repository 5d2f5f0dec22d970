package io.amends.dashboard.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.List;
import java.util.function.Consumer;

/**
 * Goes through the console in one tab as somebody does who opens whatever can be opened: from page to page without loading the
 * console anew, everything that is folded, and each dialog. What a page gets by a button is found by itself, so that a new button
 * is pressed too. Used by one thread.
 */
final class Walk {

    private static final Page.WaitForSelectorOptions ATTACHED =
            new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED);
    private static final Page.WaitForSelectorOptions GONE =
            new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED);

    /** Buttons that open a dialog, one of each kind. */
    private static final String BUTTONS = """
            () => {
              const seen = new Set();
              return [...document.querySelectorAll('main button[data-k]')]
                .map((button, at) => ({at, kind: button.dataset.verb ?? button.dataset.k.split('-')[0]}))
                .filter(({kind}) => kind !== 'place' && kind !== 'more' && !seen.has(kind) && seen.add(kind))
                .map(({at, kind}) => at + ' ' + kind);
            }""";

    /** With what has to be filled in filled in, and what that would do asked for. */
    private static final String FILL = """
            text => {
              const form = document.querySelector('dialog form');
              form.querySelectorAll('[required]:enabled').forEach(field => {
                field.value ||= field.type === 'datetime-local' ? '2040-01-31T12:00' : text;
              });
              form.querySelectorAll('details').forEach(folded => { folded.open = true; });
              form.dispatchEvent(new Event('change', {bubbles: true}));
            }""";

    private final Page page;

    private Walk(Page page) {
        this.page = page;
    }

    /** From a page that is loaded. */
    static Walk from(Page page, String url) {
        page.navigate(url);
        page.waitForSelector("main h1");
        return new Walk(page);
    }

    /** To a page, by its path below the console's. */
    void to(String path) {
        page.evaluate("""
                path => {
                  document.querySelector('main').replaceChildren();
                  history.pushState(null, '', new URL(path, document.baseURI));
                  dispatchEvent(new PopStateEvent('popstate'));
                }""", path);
        page.waitForSelector("main h1");
    }

    /** Opens everything that is folded, presses what shows more, and waits until all of it has come. */
    void open() {
        page.evaluate("""
                () => {
                  document.querySelectorAll('main details').forEach(folded => { folded.open = true; });
                  document.querySelectorAll('main button:is([data-k^=place-], [data-k=more])').forEach(button => button.click());
                }""");
        page.waitForSelector("main details > div:empty", GONE);
        page.waitForSelector("main :is([data-place] > span.quiet, section.panel > div > p.quiet)", GONE);
        if (page.url().contains("/sagas/")) {
            page.waitForSelector("main .panel > div > :is(.block, .note)", ATTACHED);
        }
    }

    /** Opens each dialog of the page, of those that differ by their row alone one, fills it in with that text, and closes it after it was looked at. */
    void eachDialog(String text, Consumer<String> look) {
        for (Object found : (List<?>) page.evaluate(BUTTONS)) {
            String[] button = String.valueOf(found).split(" ", 2);
            page.evaluate(
                    "at => document.querySelectorAll('main button[data-k]')[at].click()", Integer.valueOf(button[0]));
            page.waitForSelector("dialog[open] form");
            page.evaluate(FILL, text);
            page.waitForSelector("dialog:not(:has(.foreseen)), dialog .foreseen bdi", ATTACHED);
            look.accept(button[1]);
            page.evaluate("() => document.querySelector('dialog')?.close()");
            page.waitForSelector("dialog", GONE);
        }
    }
}
