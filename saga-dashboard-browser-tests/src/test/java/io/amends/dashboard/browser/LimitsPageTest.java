package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a page tells is what it means: no part is shown as the whole, and an order is for what was shown. The answers are chosen here. */
@ExtendWith(InBrowser.class)
class LimitsPageTest {

    private static final String OUTBOX = """
            {"figures": {"oldest": 4200, "parkedKeys": 0}, "relays": [], "segments": [], "parked": [], "lanes": [
              {"lane": 0, "owner": "node-1", "epoch": 3, "leaseLeft": 8000, "publishedTo": "8:8:", "cutPosition": null,
               "waiting": 1000, "isAll": %s, "oldest": 4200},
              {"lane": 1, "owner": "node-1", "epoch": 5, "leaseLeft": 8000, "publishedTo": "8:8:", "cutPosition": null,
               "waiting": 12, "isAll": true, "oldest": 300}]}""";

    private static final String PREVIEW = """
            {"count": 4000, "isAll": true, "isAllRead": true, "sample": [],
             "dryRun": {"counts": {"DONE": 990, "NOT_ALLOWED": 10}, "isAll": %s, "sample": []}}""";

    private static final String GROUPS = """
            {"isAll": %s, "isMore": %s, "groups": [
              {"id": "0123456789abcdef", "sagaName": "money-transfer", "step": "credit", "reason": "RETRIES_EXHAUSTED",
               "shape": "the ledger is closed", "number": 81, "lastHour": 80, "hours": [1, 80], "severity": "HIGH", "note": null,
               "frames": [], "first": "2026-01-01T00:00:00Z", "last": "2026-01-01T01:00:00Z", "versions": [2],
               "example": "01939c5a-1111-7000-8000-000000000002"}]}""";

    private static final String MORE_MAY_BE_STUCK = "More may be stuck than is counted and listed here";

    private static final List<String> OF_WHAT_IS_STUCK = List.of("stuck", "groups", "sagas?q=reason:HOT_RETRY");

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
    void more_messages_may_wait_than_were_counted(Tabs tabs) {
        Page page = tabs.open(console.origin());
        console.answer("outbox", 200, OUTBOX.formatted("false"));
        show(page, "outbox");
        assertThat(page.locator(".tile:has-text('Waiting') dd")).hasText("≥ 1,012");
        assertThat(page.locator("[data-label=Waiting]")).hasText(new String[] {"≥ 1,000", "12"});
        assertThat(page.locator("main")).containsText("where it says ≥, there may be more");
        PagesTest.expectAccessible(page, "the outbox with more than is counted");

        console.answer("outbox", 200, OUTBOX.formatted("true"));
        show(page, "outbox");
        assertThat(page.locator(".tile:has-text('Waiting') dd")).hasText("1,012");
        assertThat(page.locator("main")).not().containsText("≥");
    }

    @Test
    void a_dry_run_of_some_of_the_sagas_says_of_how_many(Tabs tabs) {
        Page page = tabs.open(console.origin());
        console.answer("runs/preview", 200, PREVIEW.formatted("false"));
        show(page, "runs/new?q=phase:STUCK");
        preview(page);
        assertThat(page.locator("main"))
                .containsText("A dry run of the first 1,000 alone says: 990 done, 10 not allowed.");

        console.answer("runs/preview", 200, PREVIEW.formatted("true"));
        preview(page);
        assertThat(page.locator("main")).containsText("A dry run of them says: 990 done, 10 not allowed.");
    }

    @Test
    void where_there_are_more_groups_than_are_listed_their_sum_is_told_as_the_least(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "groups");
        assertThat(page.locator(".head p")).hasText("114 stuck sagas in 2 groups");

        console.answer("groups", 200, GROUPS.formatted(true, true));
        show(page, "groups");
        assertThat(page.locator(".head p")).hasText("≥ 81 stuck sagas in ≥ 1 group");
        assertThat(page.locator("main")).containsText("There are more groups than are listed here");
    }

    @Test
    void where_only_a_part_of_what_is_stuck_was_read_each_page_that_is_made_of_it_says_so(Tabs tabs) {
        Page page = tabs.open(console.origin());
        for (String path : OF_WHAT_IS_STUCK) {
            show(page, path);
            assertThat(page.locator("main")).not().containsText(MORE_MAY_BE_STUCK);
        }
        show(page, "runs/new?q=reason:HOT_RETRY");
        preview(page);
        assertThat(page.locator("main")).containsText("It would take 81 sagas");
        assertThat(page.locator("main")).not().containsText(MORE_MAY_BE_STUCK);

        readInPart();
        for (String path : OF_WHAT_IS_STUCK) {
            show(page, path);
            assertThat(page.locator("main .note")).containsText(MORE_MAY_BE_STUCK);
        }
        show(page, "runs/new?q=reason:HOT_RETRY");
        preview(page);
        assertThat(page.locator("main")).containsText("It would take at least 81 sagas");
        assertThat(page.locator("main .note")).containsText(MORE_MAY_BE_STUCK);
        show(page, "groups");
        assertThat(page.locator(".head p")).hasText("≥ 81 stuck sagas in ≥ 1 group");
        PagesTest.expectAccessible(page, "groups of a part");
    }

    @Test
    void where_nothing_is_among_the_part_that_was_read_no_page_says_that_nothing_is_stuck(Tabs tabs) {
        Page page = tabs.open(console.origin());
        readInPart();
        console.answer("groups", 200, "{\"isAll\": false, \"groups\": []}");
        console.answer("sagas", 200, "{\"q\": \"reason:HOT_RETRY\", \"next\": null, \"isAll\": false, \"sagas\": []}");
        for (String path : List.of("groups", "sagas?q=reason:HOT_RETRY")) {
            show(page, path);
            assertThat(page.locator("main .empty")).containsText("No stuck saga is among what was read.");
        }

        page.evaluate("localStorage.setItem('amends.language', 'de')");
        show(page, "groups");
        assertThat(page.locator("main .note")).containsText("Es können mehr festsitzen");
        assertThat(page.locator("main .empty"))
                .containsText("Unter dem, was gelesen wurde, ist keine festsitzende Saga.");
    }

    /** So much is stuck that only a part of it was read. */
    private void readInPart() {
        console.answer("stuck/counts", 200, """
                {"total": 9, "isAll": false, "byReason": {}, "byDefinition": {}, "byAge": {}, "reasons": {}, "money": null}""");
        console.answer("groups", 200, GROUPS.formatted(false, false));
        console.answer("sagas", 200, """
                {"q": "reason:HOT_RETRY", "next": null, "isAll": false, "sagas": [
                  {"sagaId": "01939c5a-1111-7000-8000-000000000002", "name": "money-transfer", "version": 1, "key": "T-2107",
                   "phase": "RUNNING", "reason": "HOT_RETRY", "text": null, "createdAt": "2026-01-01T00:00:00Z",
                   "updatedAt": "2026-01-01T00:00:00Z", "revision": 1}]}""");
        console.answer("runs/preview", 200, """
                {"count": 81, "isAll": true, "isAllRead": false, "sample": [], "dryRun": {"counts": {}, "sample": []}}""");
    }

    @Test
    void an_order_for_many_is_for_the_sagas_that_the_list_shows(Tabs tabs) {
        Page page = tabs.open(console.origin());
        expectOrderFor(page, "stuck", "stuck:any");
        expectOrderFor(page, "stuck?reason=RETRIES_EXHAUSTED", "reason:RETRIES_EXHAUSTED");
        expectOrderFor(page, "stuck?age=HOUR", "stuck:HOUR");
        expectOrderFor(
                page,
                "stuck?reason=REPLY_OVERDUE&saga=card-order&version=1&age=DAY",
                "reason:REPLY_OVERDUE stuck:DAY saga:card-order version:1");
    }

    private void expectOrderFor(Page page, String path, String filter) {
        show(page, path);
        page.getByText("Order for many").click();
        assertThat(page.getByLabel("Of which sagas")).hasValue(filter);
    }

    @Test
    void a_line_of_the_audit_says_from_where_and_what_changed_at_once(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "audit");

        assertThat(page.locator("tbody tr").first()).containsText("from 10.0.0.7");
        assertThat(page.locator("tbody tr").first()).containsText("Stuck → Running");
        assertThat(page.locator("tbody tr").first()).containsText("revision 12 → 13");
        assertThat(page.locator("tbody tr").last()).not().containsText("revision");
    }

    @Test
    void what_was_asked_of_the_audit_in_vain_stays_in_the_form_to_be_put_right(Tabs tabs) {
        Page page = tabs.open(console.origin());
        console.answer("audit", 400, "{\"title\": \"Bad Request\", \"detail\": \"'from' can't be read as it is.\"}");
        show(page, "audit?from=yesterday&actor=ann");

        assertThat(page.locator("main")).containsText("'from' can't be read as it is.");
        assertThat(page.locator("main input[name=from]")).hasValue("yesterday");
        assertThat(page.locator("main input[name=actor]")).hasValue("ann");
        PagesTest.expectAccessible(page, "audit that was asked in vain");
    }

    @Test
    void a_time_that_many_sagas_get_says_in_which_zone_it_is(Tabs tabs) {
        Page page = tabs.open(console.origin());
        for (String verb : List.of("pause", "extend-deadline")) {
            show(page, "runs/new?q=phase:STUCK&verb=" + verb);
            page.getByLabel("What is ordered").selectOption(verb);
            assertThat(page.locator("main form")).containsText("In this browser’s time zone (");
        }
    }

    private static void preview(Page page) {
        page.getByText("Preview", new Page.GetByTextOptions().setExact(true)).click();
    }

    private void show(Page page, String path) {
        page.navigate(console.url(path));
        page.waitForSelector("main h1");
    }
}
