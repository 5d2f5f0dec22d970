package io.amends.dashboard.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What pages say of what they do not know, with answers that are chosen here. */
@ExtendWith(InBrowser.class)
class UnknownsPageTest {

    private static final String MESSAGE = "01939c5a-2222-7000-8000-000000000077";

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
    void a_command_is_told_as_not_answered_only_where_no_later_reply_is_of_its_step(Tabs tabs) {
        String line =
                "{\"at\": \"2026-01-01T00:00:00Z\", \"event\": \"%s\", \"step\": \"%s\", \"kind\": \"%s\", \"clock\": 1,"
                        + " \"messageId\": null, \"disposition\": \"ACCEPTED\", \"phase\": \"RUNNING\", \"place\": %s}";
        console.answer(ConsolePages.SAGA, 200, """
                {"sagaId": "01939c5a-1111-7000-8000-000000000001", "name": "money-transfer", "version": 2, "key": "T-1",
                 "phase": "RUNNING", "revision": 3, "verbs": [], "messages": [], "steps": [], "timeline": [%s]}
                """.formatted(String.join(
                ",",
                line.formatted("ReplyReceived", "book", "action", "null"),
                line.formatted("Sent", "reserve", "action", "null"),
                line.formatted("Sent", "screen", "action", "\"saga.bank-a.commands-0@7\""),
                line.formatted("Skip", "book", "action", "null"),
                line.formatted("ReplyReceived", "reserve", "action", "null"),
                line.formatted("Sent", "reserve", "compensation", "null"),
                line.formatted("Sent", "book", "action", "null"))));
        Page page = tabs.open(console.origin());
        show(page, ConsolePages.SAGA);

        Locator sent = page.locator(".timeline li").filter(new Locator.FilterOptions().setHasText("Sent"));
        assertThat(sent).hasCount(4);
        assertThat(sent.nth(0)).containsText("its place in Kafka is not known");
        assertThat(sent.nth(0)).not().containsText("not answered");
        assertThat(sent.nth(1)).containsText("saga.bank-a.commands-0@7");
        assertThat(sent.nth(1)).not().containsText("not known");
        assertThat(sent.nth(2)).containsText("not answered, so that its place in Kafka is not known");
        assertThat(sent.nth(3)).containsText("not answered, so that its place in Kafka is not known");
    }

    @Test
    void a_command_that_nobody_answered_is_looked_for_in_kafka_and_the_page_says_what_that_means(Tabs tabs) {
        String message = "01939c5a-2222-7000-8000-000000000077";
        console.answer(ConsolePages.SAGA, 200, """
                {"sagaId": "01939c5a-1111-7000-8000-000000000001", "name": "money-transfer", "version": 2, "key": "T-1",
                 "phase": "RUNNING", "revision": 3, "verbs": [], "messages": [], "steps": [], "timeline": [
                   {"at": "2026-01-01T00:00:00Z", "event": "Sent", "step": "book", "kind": "action", "clock": 1, "messageId": "%s",
                    "disposition": "ACCEPTED", "phase": "RUNNING", "place": null},
                   {"at": "2026-01-01T00:00:00Z", "event": "Sent", "step": "tell", "kind": "action", "clock": 2, "messageId": "%s",
                    "disposition": "ACCEPTED", "phase": "RUNNING", "place": "saga.mail.commands-0@7"}]}
                """.formatted(message, UUID.randomUUID()));
        Page page = tabs.open(console.origin());
        show(page, ConsolePages.SAGA);
        assertThat(page.locator("[data-k^=place-]")).hasCount(1);

        look(page, message, "FOUND", "\"saga.bank-a.commands-2@41\"", "false", "1203");
        assertThat(told(page)).containsText("saga.bank-a.commands-2@41");
        assertThat(told(page)).containsText("It waits in the topic: group saga.bank-a.commands reads 1,203 before it.");
        PagesTest.expectAccessible(page, "a command that was found");
        look(page, message, "FOUND", "\"saga.bank-a.commands-2@41\"", "false", "0");
        assertThat(told(page)).containsText("is the next one that group saga.bank-a.commands reads there.");
        look(page, message, "FOUND", "\"saga.bank-a.commands-2@41\"", "false", "null");
        assertThat(told(page)).containsText("Nobody has read it: group saga.bank-a.commands has taken nothing");
        look(page, message, "FOUND", "\"saga.bank-a.commands-2@41\"", "true", "null");
        assertThat(told(page)).containsText("Group saga.bank-a.commands has read it, and no reply came here.");
        look(page, message, "NOT_FOUND", "null", "null", "null");
        assertThat(told(page)).containsText("It is not in the topic any more: 12 records since 2026-01-01 00:00:00");
        look(page, message, "NOT_PUBLISHED", "null", "null", "null");
        assertThat(told(page)).containsText("It is still in the outbox");
        look(page, message, "UNTOLD", "null", "null", "null");
        assertThat(told(page)).containsText("Where it is, Kafka did not tell.Its brokers are away.");

        page.evaluate("localStorage.setItem('amends.language', 'de')");
        show(page, ConsolePages.SAGA);
        assertThat(page.locator("html")).hasAttribute("lang", "de");
        assertThat(page.locator("[data-k^=place-]")).hasText("In Kafka suchen");
        look(page, message, "NOT_REACHED", "null", "null", "null");
        assertThat(told(page)).containsText("Unter den ersten 12 Nachrichten seit 2026-01-01 00:00:00 war es nicht");
        look(page, message, "FOUND", "\"saga.bank-a.commands-2@41\"", "false", "3");
        assertThat(told(page)).containsText("Es wartet im Topic: Gruppe saga.bank-a.commands liest 3 davor.");
    }

    private void look(Page page, String message, String state, String place, String read, String inFront) {
        console.answer(ConsolePages.SAGA + "/sent/" + message + "/place", 200, """
                {"state": "%s", "topic": "saga.bank-a.commands", "place": %s, "publishedAt": "2026-01-01T00:00:01Z",
                 "group": "saga.bank-a.commands", "committed": null, "read": %s, "inFront": %s, "searched": 12,
                 "from": "2026-01-01T00:00:00Z", "trouble": %s}
                """.formatted(
                        state, place, read, inFront, state.equals("UNTOLD") ? "\"Its brokers are away.\"" : "null"));
        page.locator("[data-k='place-" + message + "']").click();
    }

    private static Locator told(Page page) {
        return page.locator("[data-place]");
    }

    @Test
    void what_a_message_of_a_saga_holds_is_asked_for_once_and_stays_and_who_may_unmasks_it(Tabs tabs) {
        console.answer(ConsolePages.SAGA, 200, """
                {"sagaId": "01939c5a-1111-7000-8000-000000000001", "name": "money-transfer", "version": 2, "key": "T-1",
                 "phase": "RUNNING", "revision": 3, "verbs": [], "steps": [], "timeline": [
                   {"at": "2026-01-01T00:00:00Z", "event": "Started", "clock": 1, "messageId": null, "disposition": "ACCEPTED", "place": null},
                   {"at": "2026-01-01T00:00:00Z", "event": "Sent", "step": "book", "kind": "action", "clock": 2, "messageId": "%1$s",
                    "disposition": "ACCEPTED", "phase": "RUNNING", "place": null},
                   {"at": "2026-01-01T00:00:00Z", "event": "SignalReceived", "clock": 3, "messageId": "%2$s", "disposition": "ACCEPTED", "place": null}],
                 "messages": [
                   {"where": "PARKED", "topic": "bank-a.commands", "partition": null, "offset": null, "type": "book", "since": null, "position": 7, "reason": null},
                   {"where": "REDELIVERED", "topic": "bank-a.commands", "partition": 1, "offset": 998, "type": "book", "since": null, "position": null, "reason": null}]}
                """.formatted(MESSAGE, UUID.randomUUID()));
        Page page = tabs.open(console.origin());
        show(page, ConsolePages.SAGA);
        Locator held = page.locator("[data-k^='contents-" + MESSAGE + "']");
        assertThat(page.locator(".timeline [data-k^=contents-]")).hasCount(1);

        held.locator("summary").click();
        assertThat(held).containsText("bank-a.commands-1@998");
        assertThat(held.getByLabel("Payload")).containsText("\"account\": \"***\"");
        PagesTest.expectAccessible(page, "a message with what it holds");
        held.getByText("Unmask …").click();
        page.getByLabel("Reason").fill("the account is disputed");
        PagesTest.press(page, "Show it");
        assertThat(held.getByLabel("Payload")).containsText("\"account\": \"4471\"");
        assertThat(held).containsText("Unmasked, but for its headers.");
        org.assertj.core.api.Assertions.assertThat(console.orders().get(0).path())
                .isEqualTo(ConsolePages.SAGA + "/records/" + MESSAGE + "/unmask");
        held.locator("summary").click();

        page.locator("[data-k=contents-parked-7] summary").click();
        assertThat(page.locator("[data-k=contents-parked-7]").getByLabel("Payload"))
                .containsText("\"note\": \"rent\"");
        page.locator("[data-k='contents-bank-a.commands-1@998'] summary").click();
        assertThat(page.locator("[data-k='contents-bank-a.commands-1@998']").getByLabel("Payload"))
                .containsText("\"waits\": \"***\"");
    }

    @Test
    void why_it_can_not_be_seen_what_a_message_held_is_told_and_asked_again_when_it_is_opened_again(Tabs tabs) {
        console.answer(ConsolePages.SAGA, 200, """
                {"sagaId": "01939c5a-1111-7000-8000-000000000001", "name": "money-transfer", "version": 2, "key": "T-1",
                 "phase": "RUNNING", "revision": 3, "verbs": [], "messages": [], "steps": [], "timeline": [
                   {"at": "2026-01-01T00:00:00Z", "event": "ReplyReceived", "step": "book", "kind": "action", "clock": 2, "messageId": "%s",
                    "disposition": "ACCEPTED", "phase": "RUNNING", "place": "saga.t.replies-0@7"}]}
                """.formatted(MESSAGE));
        Page page = tabs.open(console.origin());
        show(page, ConsolePages.SAGA);

        open(page, "GONE");
        assertThat(page.locator("[data-record]")).containsText("saga.t.replies-0@7Kafka does not have it any more");
        open(page, "NO_KAFKA");
        assertThat(page.locator("[data-record]")).containsText("what was taken is not kept");
        open(page, "UNTOLD");
        assertThat(page.locator("[data-record]")).containsText("Where it is, Kafka did not tell.Its brokers are away.");
        page.evaluate("localStorage.setItem('amends.language', 'de')");
        show(page, ConsolePages.SAGA);
        open(page, "ANOTHER");
        assertThat(page.locator("[data-record]")).containsText("Dort steht jetzt eine andere Nachricht");
        open(page, "NO_PLACE");
        assertThat(page.locator("[data-record]")).containsText("ist nicht vermerkt");
    }

    /** Opens it, after it was closed if it was open. */
    private void open(Page page, String state) {
        console.answer(ConsolePages.SAGA + "/records/" + MESSAGE, 200, """
                {"state": "%s", "place": "saga.t.replies-0@7", "publishedAt": null, "searched": 0, "from": null, "trouble": %s, "contents": null}
                """.formatted(
                        state, state.equals("UNTOLD") ? "\"Its brokers are away.\"" : "null"));
        Locator held = page.locator("[data-k^=contents-]");
        if (held.getAttribute("open") != null) {
            held.locator("summary").click();
            assertThat(page.locator("[data-record]")).isEmpty();
        }
        held.locator("summary").click();
    }

    @Test
    void money_is_told_exactly_or_not_at_all(Tabs tabs) {
        String counts =
                "{\"total\":9,\"isAll\":true,\"byReason\":{},\"byDefinition\":{},\"byAge\":{},\"reasons\":{},\"money\":%s}";
        String money =
                "{\"amounts\":[{\"currency\":\"EUR\",\"amount\":\"4222222222222\",\"sagas\":9}],\"currencies\":22,\"unread\":0,\"isAll\":%s}";
        console.answer("stuck/counts", 200, counts.formatted(money.formatted(true)));
        Page page = tabs.open(console.origin());
        show(page, "stuck");
        Locator tile = page.locator(".tile").filter(new Locator.FilterOptions().setHasText("Money at risk"));

        assertThat(tile).hasText("Money at risk4,222,222,222,222 EUR 21 more currencies");
        console.answer("stuck/counts", 200, counts.formatted(money.formatted(false)));
        show(page, "stuck");
        assertThat(tile).containsText("≥ 4,222,222,222,222 EUR");
        console.answer("stuck/counts", 200, counts.formatted("null"));
        show(page, "stuck");
        assertThat(tile).hasText("Money at riskcan’t be told now");
    }

    private void show(Page page, String path) {
        page.navigate(console.url(path));
        page.waitForSelector("main h1");
    }
}
