package io.amends.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Text that others wrote stays text, whatever it is and in whichever field it comes. */
@ExtendWith(InBrowser.class)
class HostileTextTest {

    /** Half of a character gets to the page this way. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final Pattern NAME_OR_ID =
            Pattern.compile("[A-Z0-9_]*|edit-and-retry|[0-9a-f]{8}-[0-9a-f-]{27}|\\d{4}-\\d\\d-\\d\\dT.*");

    /** What the pages need to work at all, and what only the server's own code can say. */
    private static final Set<String> KEPT = Set.of("csrf", "verbs", "next");

    /** Names that others chose. */
    private static final Set<String> NAMED = Set.of("byDefinition", "attributes", "arguments");

    private static final int MEBIBYTE = 1024 * 1024;

    private static final String ANNOUNCED = "[role=status].unseen:has-text('%s')";
    private static final Page.WaitForSelectorOptions ATTACHED =
            new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED);

    private static final String CORPUS = String.join(
            " ",
            "<script>window.hacked=1;alert(1)</script>",
            "\"><img src=x onerror=\"window.hacked=1;alert(2)\"><svg onload=alert(3)>",
            "' onmouseover='alert(4)' x='",
            "</textarea></style></title><iframe srcdoc='<script>parent.hacked=1</script>'>",
            "${7*7} {{constructor.constructor('window.hacked=1')()}}",
            allControls(),
            "\u202Egnp.tnecni\u202C \u2066\u2067x\u2069 \u200Ezero\u200Bwidth\uFEFF",
            "\u0645\u0631\u062D\u0628\u0627 \u05E9\u05DC\u05D5\u05DD Z\u0351\u036B\u0343a\u0329l\u0348g\u0321o \uD83D\uDC69\u200D\uD83D\uDE80 \uD800 \uFFFF");

    /**
     * What is wrong with the page as it is now. Fields are left out where it is about characters: what stands in them is what is
     * stored, each character as it is.
     */
    private static final String WRONG = """
            most => {
              const wrong = [];
              const all = selector => [...document.querySelectorAll(selector)];
              const short = element => element.outerHTML.slice(0, 160);
              if (window.hacked !== undefined) {
                wrong.push('a script ran');
              }
              all('body :is(script, iframe, object, embed, img:not([src="assets/icon.svg"]), [onerror], [onload], [onmouseover])')
                .forEach(element => wrong.push('made of text: ' + short(element)));
              all('a').filter(a => !/^https?:$/.test(a.protocol)).forEach(a => wrong.push('a link that is a script: ' + a.href.slice(0, 80)));
              const unseen = /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]/;
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              let length = 0;
              while (texts.nextNode()) {
                const {data, parentElement} = texts.currentNode;
                if (parentElement.localName !== 'textarea') {
                  length += data.length;
                  if (unseen.test(data)) {
                    wrong.push('shows controls: ' + short(parentElement));
                  }
                }
              }
              if (length > most + 70_000 * all('pre').length) {
                wrong.push(`has ${length} characters`);
              }
              ['aria-label', 'title', 'placeholder', 'alt'].forEach(name => all(`[${name}]`).forEach(element => {
                const said = element.getAttribute(name);
                if (unseen.test(said) || said.length > 1000) {
                  wrong.push(`says ${said.length} characters as ${name}: ${short(element)}`);
                }
              }));
              if (unseen.test(document.title) || document.title.length > 1000) {
                wrong.push('is called ' + document.title.slice(0, 160));
              }
              const dialog = document.querySelector('dialog[open]');
              if (dialog && dialog.scrollWidth > dialog.clientWidth + 1) {
                wrong.push('a dialog that is wider than it is: ' + [...dialog.querySelectorAll('*')]
                  .filter(element => element.getBoundingClientRect().right > dialog.getBoundingClientRect().right).slice(0, 3).map(short));
              }
              return wrong.slice(0, 5);
            }""";

    @ParameterizedTest
    @CsvSource({"'', en", "javascript:window.hacked=1;alert(5)//, de"})
    void nothing_executes_and_nothing_breaks(String before, String language, Tabs tabs) {
        String text = before + CORPUS;
        try (CannedConsole console = CannedConsole.start(answers -> hostile(answers, text))) {
            console.streaming(true);
            Page page = tabs.open(console.origin());
            page.addInitScript("localStorage.setItem('amends.language', '" + language + "')");
            Walk walk = Walk.from(page, console.url("stuck"));
            for (String path : ConsolePages.ALL) {
                walk.to(path);
                expectPlain(page, path);
                walk.open();
                expectPlain(page, path + ", all of it open");
                walk.eachDialog(text, name -> {
                    expectPlain(page, path + ": " + name);
                    console.refuse("POST", 409, problem(text, "CHANGED_SINCE"));
                    submit(page);
                    page.waitForSelector("dialog .said .note");
                    expectPlain(page, path + ": " + name + ", refused");
                    console.refuseNothing();
                });
            }
            walk.to("runs/new?q=phase:STUCK");
            page.locator("main form.stack button").first().click();
            page.waitForSelector("main table");
            expectPlain(page, "what a run would do");
            walk.to(ConsolePages.SAGA);
            page.locator("[data-verb=retry]").click();
            page.locator("#order-reason").fill(text);
            submit(page);
            page.waitForSelector(".outcome[data-state=FAILED_AGAIN]");
            expectPlain(page, "outcome");
        }
    }

    @Test
    void what_the_server_tells_by_itself_stays_text(Tabs tabs) {
        try (CannedConsole console = CannedConsole.start(answers -> hostile(answers, CORPUS))) {
            console.streaming(true);
            Page page = tabs.open(console.origin());
            AtomicInteger reads = new AtomicInteger();
            page.onRequest(request -> reads.addAndGet(request.url().endsWith("v1/" + ConsolePages.SAGA) ? 1 : 0));
            Walk walk = Walk.from(page, console.url(ConsolePages.SAGA));
            int before = reads.get();
            page.waitForCondition(() -> {
                console.send("saga", JSON.writeValueAsString(Map.of("id", CORPUS, "revision", CORPUS)));
                console.send(
                        "saga",
                        JSON.writeValueAsString(
                                Map.of("id", ConsolePages.SAGA.replace("sagas/", ""), "revision", CORPUS)));
                return reads.get() > before;
            });
            expectPlain(page, "a saga that changed");
            walk.to("stuck");
            for (int total = 1; total <= 2; total++) {
                String tally = Integer.toString(total);
                String counts = JSON.writeValueAsString(
                        Map.of("total", total, "byReason", Map.of(CORPUS, total), "oldest", CORPUS));
                page.waitForCondition(() -> {
                    console.send("counts", counts);
                    return page.locator(".tally").textContent().equals(tally);
                });
            }
            page.waitForSelector(ANNOUNCED.formatted("2 sagas are stuck."), ATTACHED);
            expectPlain(page, "another number of stuck sagas");
        }
    }

    @Test
    void a_mebibyte_in_every_field_is_cut_and_the_page_stays_usable(Tabs tabs) {
        String text = "x".repeat(MEBIBYTE - CORPUS.length()) + CORPUS;
        try (CannedConsole console = CannedConsole.start(answers -> hostile(answers, text))) {
            console.streaming(true);
            Page page = tabs.open(console.origin());
            Walk walk = Walk.from(page, console.url("stuck"));
            for (String path : ConsolePages.ALL) {
                walk.to(path);
                walk.open();
                expectPlain(page, path);
                walk.eachDialog("why", name -> expectPlain(page, path + ": " + name));
            }
        }
    }

    @Test
    void json_of_very_many_brackets_is_laid_out_at_once_for_who_edits_it(Tabs tabs) {
        try (CannedConsole console = CannedConsole.start()) {
            Page page = tabs.open(console.origin());
            Walk.from(page, console.url("stuck"));
            assertThat((Integer) page.evaluate("""
                            import(document.baseURI + 'assets/edit.js').then(({spread}) => {
                              const json = '[' + '[],'.repeat(40_000) + '{"a\\\\"]": "[{"}]' + '['.repeat(10_000) + ']'.repeat(10_000);
                              const began = performance.now();
                              const text = spread(json);
                              const took = performance.now() - began;
                              return text.replaceAll(/\\n */g, '') === json && text.length < 3_000_000 ? Math.round(took) : -1;
                            })"""))
                    .as("milliseconds, or -1 if a character was changed or indented too far")
                    .isBetween(0, 10_000);
        }
    }

    @Test
    void what_the_server_says_is_wrong_is_cut_and_stays_text(Tabs tabs) {
        String text = CORPUS + "x".repeat(MEBIBYTE - CORPUS.length());
        try (CannedConsole console = CannedConsole.start()) {
            console.streaming(true);
            Page page = tabs.open(console.origin());
            Walk walk = Walk.from(page, console.url("stuck"));
            console.refuse("GET", 503, problem(text, text));
            for (String path : ConsolePages.ALL) {
                walk.to(path);
                if (!path.startsWith("runs/new")) {
                    page.waitForSelector("main [role=alert]");
                }
                expectPlain(page, path);
            }
            for (String path : List.of(ConsolePages.SAGA, "outbox", "messages", "audit")) {
                console.refuseNothing();
                walk.to(path);
                console.refuse("GET", 503, problem(text, text));
                walk.open();
                page.waitForSelector("main details [role=alert]");
                expectPlain(page, path + ", what is read later");
            }
            for (String path : List.of(ConsolePages.SAGA, "outbox")) {
                console.refuseNothing();
                walk.to(path);
                console.refuse("GET", 503, problem(text, text));
                page.evaluate(
                        "() => document.querySelector('main :is([data-verb=edit-and-retry], [data-k^=edit-9])').click()");
                page.waitForSelector(ANNOUNCED.formatted("img"), ATTACHED);
                expectPlain(page, path + ", what can't be edited");
                page.evaluate("() => document.querySelector('[role=status].unseen').replaceChildren()");
            }
            console.refuseNothing();
            walk.to(ConsolePages.SAGA);
            console.refuse("POST", 403, problem(text, text));
            page.locator("[data-verb=retry]").click();
            page.waitForSelector("dialog .foreseen bdi");
            expectPlain(page, "what it would do is not told");
            page.evaluate("() => document.querySelector('dialog').close()");
            walk.to("runs/new?q=phase:STUCK");
            page.locator("main form.stack button").first().click();
            page.waitForSelector("main [role=alert]");
            expectPlain(page, "no preview");
            console.refuse("GET", 503, "null");
            walk.to("groups");
            page.waitForSelector("main [role=alert]:has-text('503')");
        }
    }

    private static void submit(Page page) {
        page.evaluate("() => document.querySelector('dialog form').requestSubmit()");
    }

    private static String problem(String text, String code) {
        ObjectNode problem = JsonNodeFactory.instance.objectNode();
        problem.put("title", text).put("detail", text).put("code", code);
        return JSON.writeValueAsString(problem);
    }

    private static void expectPlain(Page page, String where) {
        assertThat((List<?>) page.evaluate(WRONG, 200_000)).as(where).isEmpty();
        PagesTest.expectAsWideAsWindow(page, where);
    }

    /** With every text that is no name or id replaced by that one. */
    private static JsonNode hostile(JsonNode node, String text) {
        if (node instanceof ObjectNode object) {
            ObjectNode changed = JsonNodeFactory.instance.objectNode();
            object.properties()
                    .forEach(field -> changed.set(
                            field.getKey(),
                            KEPT.contains(field.getKey())
                                    ? field.getValue()
                                    : NAMED.contains(field.getKey())
                                                    && field.getValue().isObject()
                                            ? one(text, hostile(field.getValue(), text))
                                            : hostile(field.getValue(), text)));
            return changed;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode changed = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> changed.add(hostile(element, text)));
            return changed;
        }
        if (!node.isString() || NAME_OR_ID.matcher(node.stringValue()).matches()) {
            return node;
        }
        return JsonNodeFactory.instance.stringNode(
                node.stringValue().startsWith("{") ? inJson(node.stringValue(), text) : text);
    }

    private static JsonNode one(String key, JsonNode before) {
        ObjectNode changed = JsonNodeFactory.instance.objectNode();
        changed.set(key, before.iterator().next());
        return changed;
    }

    private static String inJson(String json, String text) {
        try {
            ObjectNode changed = JsonNodeFactory.instance.objectNode();
            changed.set(text, hostile(JSON.readTree(json), text));
            return JSON.writeValueAsString(changed);
        } catch (JacksonException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String allControls() {
        StringBuilder controls = new StringBuilder();
        for (char c = 0; c < 0xA0; c++) {
            if (Character.isISOControl(c)) {
                controls.append(c);
            }
        }
        return controls.toString();
    }
}
