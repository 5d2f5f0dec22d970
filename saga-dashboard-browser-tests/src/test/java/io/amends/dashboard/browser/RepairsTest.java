package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.amends.dashboard.browser.Orders.expectOutcome;
import static io.amends.dashboard.browser.Orders.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.browser.desk.DeskApplication;
import io.amends.dashboard.bulk.BulkOrder;
import io.amends.dashboard.bulk.BulkRuns;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.SagaOperations.Order;
import io.amends.saga.engine.SagaPhase;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Repairs that are rarer than a retry. */
class RepairsTest extends MessageRepairs {

    @Test
    void a_saga_goes_on_from_a_step_that_somebody_chooses(Tabs tabs) {
        Page page = enter(tabs, "sagas/" + desk.stuck("R-1", "the ledger is closed"), "ada");
        DeskApplication.CLOSED.remove("R-1");

        page.locator("[data-verb=resume-from-step]").click();
        page.locator("dialog select").selectOption("credit");
        assertThat(page.locator("dialog .foreseen"))
                .containsText("It would do this: sends the action of credit to bank-b");
        page.getByLabel("Reason").fill("the ledger is open again");
        PagesTest.press(page, "Go on from there");

        expectOutcome(page, "PROGRESSED");
        expectPhase(page, "Completed");
    }

    @Test
    void who_reads_german_is_told_in_german_why_a_saga_is_stuck_and_what_an_order_would_do(Tabs tabs) {
        UUID id = desk.stuck("W-1", "the ledger <img src=x onerror=window.hacked=1> is closed");
        Page page = tabs.open(desk.origin());
        page.addInitScript("localStorage.setItem('amends.language', 'de')");

        desk.enter(page, "sagas/" + id, "ada");
        assertThat(page.locator(".why"))
                .containsText(
                        "Die Versuche an einem Schritt sind aufgebraucht. Schritt „credit“ ging an „bank-b“, 2-mal.");
        assertThat(page.locator(".why")).containsText("Von selbst folgt nichts.");
        assertThat(page.locator(".why .todo").first()).containsText("Was zu tun ist: Behebe, woran der Schritt");
        assertThat(page.locator("main")).containsText("the ledger <img src=x onerror=window.hacked=1> is closed");
        page.locator("[data-verb=skip]").click();
        page.locator("dialog select").selectOption("credit");
        assertThat(page.locator("dialog .foreseen"))
                .containsText("schickt die Aktion von notify an mail, dann ist sie RUNNING");
        page.locator("dialog select").selectOption("reserve-funds");
        assertThat(page.locator("dialog .foreseen"))
                .containsText("von Schritt „reserve-funds“ kann nicht als getan gelten: Es ist kein Schritt");
        assertThat(page.evaluate(
                        "window.hacked === undefined && document.querySelectorAll('main img, dialog img').length"))
                .isEqualTo(0);

        page.navigate(desk.url("sagas?q=version:x"));
        assertThat(page.locator("main [role=alert]"))
                .containsText("Der Filter ist nicht zu verstehen: version:x ist keine Zahl.");
    }

    @Test
    void what_was_ended_by_hand_is_reopened_where_it_stood(Tabs tabs) {
        UUID id = desk.stuck("R-2", "closed");
        desk.bean(SagaOperations.class).resolve(id, SagaPhase.COMPLETED, new Order("bob", "by mistake", null));
        Page page = enter(tabs, "sagas/" + id, "ada");
        expectPhase(page, "Completed");

        order(page, "reopen", "Reopen it", "that was a mistake");

        expectPhase(page, "Stuck");
        DeskApplication.CLOSED.remove("R-2");
        order(page, "retry", "Retry it", "open again");
        expectPhase(page, "Completed");
    }

    @Test
    void old_versions_are_emptied_by_moving_their_sagas_one_by_one_and_many_at_once(Tabs tabs) {
        UUID one = desk.stuck("V-1", "closed");
        UUID other = desk.stuck("V-2", "closed");
        Page page = enter(tabs, "sagas/" + one, "ada");

        page.locator("[data-verb=migrate]").click();
        assertThat(page.locator("dialog .foreseen"))
                .containsText("It would do this: goes on as version 2, it is STUCK then");
        page.getByLabel("Reason").fill("version 1 goes");
        PagesTest.press(page, "Move it");
        assertThat(page.locator(".head"))
                .containsText("version 2", new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE));
        DeskApplication.CLOSED.remove("V-1");
        order(page, "retry", "Retry it", "open again");
        expectPhase(page, "Completed");
        assertThat(page.locator("main")).containsText("notify-again");

        page.navigate(desk.url("versions"));
        page.locator("[data-k='move-money-transfer-1']").click();
        page.getByLabel("Of which sagas").fill("id:" + other);
        button(page, "Preview").click();
        assertThat(page.locator("main")).containsText("goes on as version 2, it is STUCK then");
        page.getByLabel("Reason").fill("version 1 goes");
        button(page, "Plan it").click();
        page.locator("[data-verb=start]").click();
        PagesTest.press(page, "Start");
        expectPhase(page, "done");
        assertThat(jdbc.queryForObject(
                        "select saga_version from saga_instance where saga_id = ?", Integer.class, other))
                .isEqualTo(2);
    }

    @Test
    void data_is_edited_as_it_is_shown_and_the_saga_goes_on_with_it(Tabs tabs) {
        UUID id = desk.stuck("R-3", "no transfers of 120.50");
        Page page = enter(tabs, "sagas/" + id, "ada");

        page.locator("[data-verb=edit-and-retry]").click();
        Locator data = page.locator("dialog textarea[name=data]");
        assertThat(data.inputValue()).contains("\"answer\": \"***\"", "\"amount\": \"120.50\"");
        data.fill(data.inputValue().replace("\"rent\"", "\"rent of May\"").replace("\"R-3\"", "\"R-3 again\""));
        page.getByLabel("Reason").fill("the customer mistyped it");
        assertThat(page.locator("dialog .diff")).containsText("/note\"rent\" → \"rent of May\"");
        shoot(page, "edit", false);
        PagesTest.press(page, "Store it and retry");

        expectPhase(page, "Completed");
        assertThat(page.locator("pre").first()).containsText("rent of May");
        page.getByText("Before and after").click();
        assertThat(page.getByLabel("After", new Page.GetByLabelOptions().setExact(true)))
                .containsText("\"answer\": \"***\"");
        assertThat(page.content()).doesNotContain("the-dog-is-called-Rex");
        assertThat(new String(
                        jdbc.queryForObject("select data from saga_instance where saga_id = ?", byte[].class, id),
                        StandardCharsets.UTF_8))
                .contains("the-dog-is-called-Rex", "rent of May");
    }

    @Test
    void what_one_asks_for_is_declined_by_another_and_withdrawn_by_themselves(Tabs tabs) {
        UUID id = desk.stuck("R-4", "closed");
        Page ada = enter(tabs, "sagas/" + id, "ada");
        Page bob = enter(tabs, "approvals", "bob");
        order(ada, "resolve", "End it", "paid at the counter");

        bob.reload();
        decide(bob, "Decline", "nobody paid");
        assertThat(bob.locator("main")).containsText("Nothing waits for approval.");
        order(ada, "resolve", "End it", "paid after all");
        ada.navigate(desk.url("approvals"));
        assertThat(button(ada, "Decline")).hasCount(0);
        decide(ada, "Withdraw", "I was wrong");

        assertThat(ada.locator("main")).containsText("Nothing waits for approval.");
        assertThat(desk.phase("R-4")).isEqualTo(SagaPhase.STUCK);
        ada.navigate(desk.url("audit?saga=" + id));
        for (String line : List.of("nobody paid", "I was wrong", "Decline resolve", "Withdraw resolve")) {
            assertThat(ada.locator("tbody")).containsText(line);
        }
    }

    private static void decide(Page page, String what, String reason) {
        button(page, what).click();
        page.getByLabel("Reason").fill(reason);
        PagesTest.press(page, what);
        assertThat(page.locator("dialog")).hasCount(0);
    }

    @Test
    void a_run_is_held_goes_on_and_is_ended_in_the_middle_and_the_rest_stays_as_it_is(Tabs tabs) {
        stuck("M-", 4, "bonus");
        DeskApplication.CLOSED.keySet().removeIf(key -> key.startsWith("M-"));
        UUID run = retryOf("bonus", List.of(), 0.1);
        Page page = enter(tabs, "runs/" + run, "ada");

        page.locator("[data-verb=start]").click();
        PagesTest.press(page, "Start");
        assertThat(page.locator("[data-tally]"))
                .containsText("1 of 4 sagas ordered", new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE));
        shoot(page, "run", true);
        page.locator("[data-verb=pause]").click();
        give(page, "Pause", "let us look at the first");
        expectPhase(page, "paused");
        assertThat(page.locator("main")).containsText("let us look at the first");
        page.locator("[data-verb=resume]").click();
        give(page, "Resume", "the first went well");
        expectPhase(page, "running");
        page.locator("[data-verb=cancel]").click();
        give(page, "End it", "the rest is done by hand");

        expectPhase(page, "cancelled");
        assertThat(page.locator("[data-verb]")).hasCount(0);
        assertThat(page.locator("[data-tally]")).containsText("to do");
        assertThat(desk.bean(BulkRuns.class).find(run).orElseThrow().counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(4);
        assertThat(jdbc.queryForObject(
                        "select count(*) from saga_instance where business_key like 'M-%' and phase = 'STUCK'",
                        Integer.class))
                .isPositive();
        if (Boolean.getBoolean("screenshots")) {
            page.navigate(desk.url("charts?minutes=15"));
            page.waitForSelector(".charts svg", new Page.WaitForSelectorOptions().setTimeout(PATIENCE));
            shoot(page, "charts", true);
        }
    }

    @Test
    void a_run_that_stopped_by_itself_goes_on_with_the_part_that_may_fail_from_now_on(Tabs tabs) {
        stuck("S-", 3, "salary");
        UUID run = retryOf("salary", List.of(1), 100);
        Page page = enter(tabs, "runs/" + run, "ada");
        page.locator("[data-verb=start]").click();
        PagesTest.press(page, "Start");
        expectPhase(page, "stopped");
        assertThat(page.locator("main")).containsText("1 of the 1 whose outcome is known failed");
        assertThat(page.locator("[data-tally]")).containsText("1 failed again, 2 to do");
        DeskApplication.CLOSED.keySet().removeIf(key -> key.startsWith("S-"));

        page.locator("[data-verb=resume]").click();
        page.getByLabel("Stop again when more than this part fails").fill("1");
        PagesTest.expectAccessible(page, "a run that is resumed");
        page.getByLabel("Reason").fill("the bank is open again");
        PagesTest.press(page, "Resume");

        expectPhase(page, "done");
        assertThat(page.locator("[data-tally]")).containsText("2 progressed, 1 failed again");
        assertThat(page.locator("main .note.bad")).hasCount(0);
        assertThat(jdbc.queryForObject("select stop_ratio from saga_bulk_run where run_id = ?", Double.class, run))
                .isEqualTo(1);
        page.navigate(desk.url("audit?run=" + run));
        assertThat(page.locator("tbody tr:has-text('Resume run')")).containsText("the bank is open again");
        assertThat(page.locator("tbody tr:has-text('Stop run')")).hasCount(1);
    }

    /** Transfers of that purpose, all of which are stuck. */
    private static void stuck(String prefix, int number, String purpose) {
        List<String> keys = IntStream.range(0, number).mapToObj(i -> prefix + i).toList();
        keys.forEach(key -> {
            DeskApplication.CLOSED.put(key, "closed");
            desk.transfer(key, purpose);
        });
        keys.forEach(key -> await().atMost(LONG).until(() -> desk.phase(key) == SagaPhase.STUCK));
    }

    /** A run that is planned, and stops when more than half of a stage fail. */
    private static UUID retryOf(String purpose, List<Integer> ramp, double perSecond) {
        return desk.bean(BulkRuns.class)
                .plan(new BulkOrder(
                        new ConsoleVerb.Retry(),
                        SagaFilter.parse("attr.purpose:" + purpose),
                        new Operator("ada", null),
                        "open again",
                        ramp,
                        perSecond,
                        0.5,
                        100,
                        LONG))
                .id();
    }

    @Test
    void what_is_known_of_a_failure_is_written_down_for_all_and_nobody_overwrites_what_they_did_not_see(Tabs tabs) {
        desk.stuck("G-1", "the vault door jams");
        Page olga = enter(tabs, "groups", "olga");
        Page bob = enter(tabs, "groups", "bob");
        String muted = LocalDateTime.now(ZoneOffset.UTC).plusDays(1).toString().substring(0, 16);
        jams(olga).locator("[data-k^=note-]").click();
        olga.getByLabel("Note", new Page.GetByLabelOptions().setExact(true)).fill("A locksmith comes at six.");
        olga.getByLabel("Owner").fill("team vault");
        olga.getByLabel("No alerts until").fill(muted);
        give(olga, "Write it down", "they told us");
        assertThat(jams(olga)).containsText("A locksmith comes at six.");

        jams(bob).locator("[data-k^=note-]").click();
        bob.getByLabel("Note", new Page.GetByLabelOptions().setExact(true)).fill("Nobody knows.");
        bob.getByLabel("Reason").fill("I saw no note");
        PagesTest.press(bob, "Write it down");
        assertThat(bob.locator("dialog [role=alert]")).containsText("changed");

        bob.reload();
        for (String known : List.of("A locksmith comes at six.", "team vault", "by olga", muted.replace('T', ' '))) {
            assertThat(jams(bob)).containsText(known);
        }
        bob.navigate(desk.url("stuck"));
        assertThat(bob.locator("tr:has-text('G-1')")).containsText("muted");
        bob.navigate(desk.url("audit?verb=group-note"));
        assertThat(bob.locator("tbody tr:has-text('they told us')")).containsText("olga");
        assertThat(bob.locator("tbody tr:has-text('I saw no note')")).containsText("Refused");
    }

    private static Locator jams(Page page) {
        return page.locator("main tr").filter(new Locator.FilterOptions().setHasText("the vault door jams"));
    }

    @Test
    void a_search_is_saved_for_all_opened_by_another_one_and_deleted(Tabs tabs) {
        Page ada = enter(tabs, "sagas?q=saga:money-transfer%20key:W-1", "ada");
        ada.locator("[data-k=save-view]").click();
        ada.getByLabel("Name").fill("what the bank lost");
        ada.getByLabel("For all who use the console").check();
        ada.getByLabel("Reason").fill("the whole shift looks for it");
        PagesTest.press(ada, "Save it");
        assertThat(ada.locator("dialog")).hasCount(0);

        Page olga = enter(tabs, "sagas", "olga");
        olga.getByText("what the bank lost").click();
        assertThat(olga).hasURL(Pattern.compile(".*q=saga%3Amoney-transfer\\+key%3AW-1"));
        assertThat(olga.locator("[data-k=save-view]")).isVisible();
        olga.getByText("Saved searches (1)").click();
        olga.getByLabel("Delete what the bank lost").click();
        olga.getByLabel("Reason").fill("it was found");
        PagesTest.press(olga, "Delete it");
        assertThat(olga.locator("[data-k=views]")).hasCount(0);
        olga.navigate(desk.url("audit?verb=delete-view"));
        assertThat(olga.locator("tbody")).containsText("it was found");
    }
}
