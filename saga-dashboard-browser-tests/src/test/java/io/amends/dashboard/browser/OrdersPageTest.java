package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How orders are given and what is told of them, also when their answers are lost or late, with answers that are chosen here. */
@ExtendWith(InBrowser.class)
class OrdersPageTest {

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
    void an_order_names_what_was_seen_and_is_told_as_it_is(Tabs tabs) {
        Page page = tabs.open(console.origin());
        console.answer("actions/32", 200, "{\"id\":32,\"state\":\"ATTEMPTED\",\"entry\":{}}");
        show(page, ConsolePages.SAGA);

        page.locator("[data-verb=retry]").click();
        page.getByLabel("Reason").fill("the account is open again");
        PagesTest.press(page, "Retry it");

        assertThat(page.locator(".outcome")).hasAttribute("data-state", "ATTEMPTED");
        assertThat(page.locator(".outcome .done")).hasText(new String[] {"Accepted", "Attempted"});
        console.answer(
                "actions/32",
                200,
                "{\"id\":32,\"state\":\"FAILED_AGAIN\",\"entry\":{\"explanation\":\"still closed\"}}");
        assertThat(page.locator(".outcome")).containsText("Failed again");
        assertThat(page.locator(".outcome")).containsText("still closed");
        CannedConsole.Order order = console.orders().get(0);
        assertThat(order.path()).isEqualTo("sagas/01939c5a-1111-7000-8000-000000000001/retry");
        assertThat(order.revision()).isEqualTo("\"14\"");
        assertThat(order.token()).isEqualTo("canned");
        assertThat(order.key()).hasSizeGreaterThan(20);
        assertThat(order.body()).isEqualTo("{\"reason\":\"the account is open again\"}");
    }

    @Test
    void an_order_whose_answer_is_lost_is_repeated_under_its_key(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, ConsolePages.SAGA);
        AtomicInteger attempts = new AtomicInteger();
        page.route("**/retry", route -> {
            switch (attempts.incrementAndGet()) {
                case 1 -> route.abort();
                case 2 -> {
                    route.fetch();
                    route.abort();
                }
                default -> route.resume();
            }
        });
        page.locator("[data-verb=retry]").click();
        page.getByLabel("Reason").fill("again");
        for (int attempt = 1; attempt <= 2; attempt++) {
            PagesTest.press(page, "Retry it");
            page.waitForCondition(() ->
                    page.locator("dialog .said").textContent().contains("it is not known whether the order arrived"));
        }
        PagesTest.press(page, "Retry it");
        assertThat(page.locator(".outcome")).isVisible();

        assertThat(console.orders()).hasSize(2);
        assertThat(console.orders().get(0).key())
                .isEqualTo(console.orders().get(1).key());
    }

    @Test
    void who_was_too_late_is_told_so_and_can_look_again(Tabs tabs) {
        Page page = tabs.open(console.origin());
        console.answer(
                "sagas/01939c5a-1111-7000-8000-000000000001/retry",
                409,
                "{\"title\":\"Conflict\",\"code\":\"CHANGED_SINCE\",\"detail\":\"It changed since you looked: RetryNow by bob at 10:00:00.\"}");
        show(page, ConsolePages.SAGA);

        page.locator("[data-verb=retry]").click();
        page.getByLabel("Reason").fill("again");
        PagesTest.press(page, "Retry it");

        assertThat(page.locator("dialog")).containsText("RetryNow by bob");
        assertThat(page.locator("dialog")).containsText("Nothing was done");
        PagesTest.press(page, "Look again");
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(page.locator(".outcome")).hasCount(0);
    }

    @Test
    void a_second_person_is_asked_for(Tabs tabs) {
        Page page = tabs.open(console.origin());
        console.answer(
                "sagas/01939c5a-1111-7000-8000-000000000001/resolve",
                202,
                "{\"requestId\":\"01939c5a-3333-7000-8000-000000000001\"}");
        show(page, ConsolePages.SAGA);

        page.locator("[data-verb=resolve]").click();
        assertThat(page.locator("dialog")).containsText("A second person has to approve it.");
        page.getByLabel("compensated: everything was undone").check();
        page.getByLabel("Reason").fill("paid back at the counter");
        PagesTest.press(page, "End it");

        assertThat(page.locator(".outcome")).containsText("a second person is needed");
        assertThat(console.orders().get(0).body())
                .isEqualTo("{\"reason\":\"paid back at the counter\",\"as\":\"COMPENSATED\"}");
        page.locator(".outcome a").click();
        assertThat(page).hasURL(console.url("approvals/01939c5a-3333-7000-8000-000000000001"));
        assertThat(page.locator("main .foreseen .diff")).containsText("/note\"rent\" → \"rent of May\"");
        assertThat(page.locator("main .foreseen .diff"))
                .containsText("/ibanchanged; what it was and what it will be is masked");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Approvals"))
                .click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve"))
                .click();
        assertThat(page.locator("dialog .diff")).containsText("/note\"rent\" → \"rent of May\"");
        PagesTest.press(page, "Approve");
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(console.orders().get(1).path()).isEqualTo("approvals/01939c5a-3333-7000-8000-000000000001/approve");
    }

    @Test
    void who_may_only_look_sees_no_order(Tabs tabs) {
        Page page = tabs.open(console.origin());
        console.answer(
                "me",
                200,
                "{\"actor\":\"vic\",\"roles\":[\"VIEWER\"],\"permissions\":[\"VIEW\",\"EXPORT_AUDIT\"],\"readOnly\":true,\"application\":\"desk\",\"fourEyes\":[],\"features\":{}}");
        for (String path : ConsolePages.ALL) {
            show(page, path);
            assertThat(page.locator("main button:not(form[role=search] button)").all().stream()
                            .map(Locator::textContent)
                            .filter(text -> !Set.of("copy", "Show more", "Find in Kafka")
                                    .contains(text)))
                    .as(path)
                    .isEmpty();
            assertThat(page.locator("main .button:has-text('Order'), main .button:has-text('Plan')"))
                    .hasCount(0);
        }
    }

    @Test
    void what_a_message_holds_is_shown_masked_and_it_can_be_dropped(Tabs tabs) {
        Page page = tabs.open(console.origin());
        show(page, "messages");

        page.getByText("What it holds").first().click();
        assertThat(page.getByLabel("Payload")).containsText("\"account\": \"***\"");
        assertThat(page.locator("tbody").first()).containsText("saga_error");
        PagesTest.expectAccessible(page, "messages with what they hold");
        page.locator("[data-k='drop-transfer.replies-0@17']").click();
        page.getByLabel("Reason").fill("looked at it");
        PagesTest.press(page, "Drop");
        assertThat(page.locator("dialog")).hasCount(0);

        assertThat(console.orders().get(0).path()).isEqualTo("messages/set-aside/transfer.replies/0/17/discard");
        show(page, "outbox");
        page.getByText("What it holds").first().click();
        assertThat(page.getByLabel("Payload")).containsText("\"note\": \"rent\"");
    }

    @Test
    void a_message_that_was_set_aside_is_handed_back_and_what_came_of_it_is_told(Tabs tabs) {
        console.answer(
                "actions/33",
                200,
                "{\"id\": 33, \"state\": \"FAILED_AGAIN\", \"entry\": {\"verb\": \"set-aside-replay\", \"explanation\": \"transfer.replies-0@17 is handed back.\"}}");
        Page page = tabs.open(console.origin());
        show(page, "messages");

        page.locator("[data-k='replay-transfer.replies-0@17']").click();
        page.getByLabel("Reason").fill("the new version is deployed");
        PagesTest.press(page, "Hand it back");

        Locator told = page.locator("main .outcome");
        assertThat(told).containsText("transfer.replies-0@17");
        assertThat(told).containsText("It was set aside again, or its saga did not get on with it.");
        assertThat(told).hasAttribute("data-state", "FAILED_AGAIN");
        assertThat(console.orders().get(0).path()).isEqualTo("messages/set-aside/transfer.replies/0/17/replay");
        PagesTest.expectAccessible(page, "what came of a message that was handed back");
    }

    private void show(Page page, String path) {
        page.navigate(console.url(path));
        page.waitForSelector("main h1");
    }
}
