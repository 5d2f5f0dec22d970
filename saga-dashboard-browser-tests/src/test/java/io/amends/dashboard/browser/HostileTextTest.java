package io.amends.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Text that others wrote stays text, whatever it is and in whichever field it comes. */
@ExtendWith(InBrowser.class)
class HostileTextTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern NAME_OR_ID =
            Pattern.compile("[A-Z0-9_]*|[0-9a-f]{8}-[0-9a-f-]{27}|\\d{4}-\\d\\d-\\d\\dT.*");

    /** What the pages need to work at all, and what only the server's own code can say. */
    private static final Set<String> KEPT = Set.of("csrf", "verbs", "next");

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

    @ParameterizedTest
    @ValueSource(strings = {"", "javascript:window.hacked=1;alert(5)//"})
    void nothing_executes_and_nothing_breaks(String before, Tabs tabs) {
        try (CannedConsole console = CannedConsole.start(answers -> hostile(answers, before + CORPUS))) {
            Page page = tabs.open(console.origin());
            for (String path : ConsolePages.ALL) {
                page.navigate(console.url(path));
                page.waitForSelector("main h1");
                expectPlain(page, path);
            }
            page.navigate(console.url(ConsolePages.SAGA));
            for (String verb : List.of("retry", "skip", "resolve", "pause", "extend-deadline", "compensate")) {
                page.locator("[data-verb='" + verb + "']").click();
                page.waitForSelector("dialog .foreseen bdi, dialog input[type=datetime-local]");
                expectPlain(page, verb);
                page.keyboard().press("Escape");
            }
            page.locator("[data-verb=retry]").click();
            page.getByLabel("Reason").fill(CORPUS);
            PagesTest.press(page, "Retry it");
            page.waitForSelector(".outcome");
            expectPlain(page, "outcome");
        }
    }

    @Test
    void a_mebibyte_in_every_field_is_cut_and_the_page_stays_usable(Tabs tabs) {
        String long1 = "x".repeat(1024 * 1024 - CORPUS.length()) + CORPUS;
        try (CannedConsole console = CannedConsole.start(answers -> hostile(answers, long1))) {
            Page page = tabs.open(console.origin());
            for (String path : ConsolePages.ALL) {
                page.navigate(console.url(path));
                page.waitForSelector("main h1");
                expectPlain(page, path);
                assertThat((Integer) page.evaluate("document.body.textContent.length"))
                        .as(path)
                        .isLessThan(200_000);
            }
        }
    }

    private static void expectPlain(Page page, String where) {
        assertThat(page.evaluate("window.hacked ?? null")).as(where).isNull();
        assertThat(
                        page.evaluate(
                                "[...document.body.querySelectorAll('script, iframe, object, embed, img:not([src=\"assets/icon.svg\"]), [onerror], [onload], [onmouseover], svg [onload]')].length"))
                .as(where + " has no element out of text")
                .isEqualTo(0);
        assertThat(
                        page.evaluate(
                                "[...document.querySelectorAll('a')].filter(a => !/^https?:$/.test(a.protocol)).map(a => a.href)"))
                .as(where + " has no link that is a script")
                .isEqualTo(List.of());
        assertThat((String) page.evaluate("document.body.textContent"))
                .as(where + " shows controls as symbols")
                .doesNotContain("\u202E", "\u202C", "\u2067", "\u0000", "\u001B", "\u009B", "\uFEFF");
        PagesTest.expectAsWideAsWindow(page, where);
    }

    /** With every text that is no name or id replaced by that one. */
    private static JsonNode hostile(JsonNode node, String text) {
        if (node instanceof ObjectNode object) {
            ObjectNode changed = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(field -> {
                boolean isCounts =
                        field.getKey().equals("byDefinition") || field.getKey().equals("attributes");
                changed.set(
                        field.getKey(),
                        KEPT.contains(field.getKey())
                                ? field.getValue()
                                : isCounts && field.getValue().isObject()
                                        ? one(text, field.getValue())
                                        : hostile(field.getValue(), text));
            });
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
