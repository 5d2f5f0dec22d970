package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How old an answer may be that the server has read for others, as the pages say it. */
@ExtendWith(InBrowser.class)
class FreshPageTest {

    private static final String COUNTS = "{\"total\":%d,\"isAll\":true,\"byReason\":{\"HOT_RETRY\":%d}}";
    private static final String ASK = "const api = await import(new URL('assets/api.js', document.baseURI));";

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
    void who_opens_a_page_has_it_read_and_who_is_told_of_a_change_takes_what_was_read_since(Tabs tabs) {
        console.streaming(true);
        Page page = tabs.open(console.origin());
        page.clock().install();
        page.navigate(console.url("stuck"));
        assertThat(page.locator(".live")).hasAttribute("data-state", "live");
        assertThat(page.locator("h1")).hasText("Stuck sagas");
        assertThat(console.age("stuck")).isEqualTo("max-age=0");

        page.clock().runFor(60_000);
        console.send("counts", COUNTS.formatted(125, 125));
        assertThat(page.locator(".tally")).hasText("125");
        page.clock().runFor(1_300);

        page.waitForCondition(() -> !console.age("stuck").equals("max-age=0"));
        assertThat(console.age("stuck"))
                .as("not what was read before the change")
                .matches("max-age=[1-9]");
    }

    @Test
    void the_first_change_that_groups_are_told_of_is_drawn(Tabs tabs) {
        console.streaming(true);
        Page page = tabs.open(console.origin());
        page.clock().install();
        page.navigate(console.url("stuck"));
        assertThat(page.locator(".tally")).hasText("124");
        page.locator("nav [data-page=groups]").click();
        assertThat(page.locator("h1")).hasText("Failure groups");
        assertThat(console.age("groups")).isEqualTo("max-age=0");

        console.send("counts", COUNTS.formatted(125, 125));
        assertThat(page.locator(".tally")).hasText("125");
        page.clock().runFor(1_300);

        page.waitForCondition(() -> console.age("groups").matches("max-age=[1-9]"));
    }

    @Test
    void who_has_ordered_something_takes_nothing_that_was_read_before(Tabs tabs) {
        Page page = tabs.open(console.origin());
        page.clock().install();
        page.navigate(console.url("groups"));
        assertThat(page.locator("h1")).hasText("Failure groups");
        page.clock().runFor(60_000);

        page.evaluate("async () => { %s await api.get('stuck'); }".formatted(ASK));
        assertThat(console.age("stuck")).matches("max-age=[1-9][0-9]");
        page.evaluate(
                "async () => { %s await api.post('nothing').catch(() => {}); await api.get('stuck'); }".formatted(ASK));
        assertThat(console.age("stuck")).isEqualTo("max-age=0");
    }

    @Test
    void who_comes_back_to_a_saga_s_tab_sees_it_as_it_is_now(Tabs tabs) {
        console.streaming(true);
        Page page = tabs.open(console.origin());
        page.clock().install();
        page.navigate(console.url(ConsolePages.SAGA));
        assertThat(page.locator("main [data-verb=retry]")).isVisible();
        PagesTest.hide(page, true);
        page.clock().runFor(60_000);

        PagesTest.hide(page, false);
        page.clock().runFor(1_300);

        page.waitForCondition(() -> console.age(ConsolePages.SAGA).matches("max-age=[1-9]"));
    }

    @Test
    void the_list_says_when_it_was_read_also_if_that_was_for_others(Tabs tabs) {
        Page page = tabs.open(console.origin());
        page.route("**/stuck/counts", route -> {
            APIResponse answer = route.fetch();
            Map<String, String> headers = new HashMap<>(answer.headers());
            headers.put("age", "3600");
            route.fulfill(new Route.FulfillOptions().setResponse(answer).setHeaders(headers));
        });
        page.navigate(console.url("stuck"));
        assertThat(page.locator("main")).containsText(Pattern.compile("as of \\d"));

        Matcher shown =
                Pattern.compile("as of (\\S+) UTC").matcher(page.locator("main").textContent());
        assertThat(shown.find()).isTrue();
        LocalTime anHourAgo = LocalTime.now(ZoneOffset.UTC).minusHours(1);
        int seconds =
                anHourAgo.toSecondOfDay() - LocalTime.parse(shown.group(1)).toSecondOfDay();
        assertThat(Math.floorMod(seconds, 86_400)).as("seconds since then").isLessThan(60);
    }
}
