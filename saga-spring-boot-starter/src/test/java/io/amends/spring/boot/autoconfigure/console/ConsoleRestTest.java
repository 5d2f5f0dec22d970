package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the interface answers, below a context path and a path of the application's choice. */
class ConsoleRestTest implements MessagesInRest, SecretsInRest {

    static Shop shop;

    @BeforeAll
    static void start() {
        shop = Shop.secured(
                "--server.servlet.context-path=/shop",
                "--saga.console.path=/ops/console",
                "--saga.console.four-eyes=resolve",
                "--saga.console.money-attribute=item",
                "--saga.console.trace-link=https://tempo.example.com/trace/{traceId}?token=not-masked",
                "--saga.console.notes[purchase]=Ask the shop.",
                "--saga.console.notes[purchase/charge]=https://wiki.example.com/till",
                "--server.forward-headers-strategy=framework",
                "--spring.application.name=the-shop");
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    static JsonNode json(String path) {
        Answer answer = shop.get(path).by("admin").send();
        assertThat(answer.status()).as(path + ": " + answer.text()).isEqualTo(200);
        return answer.json();
    }

    static String reason(String text) {
        return "{\"reason\":\"%s\"}".formatted(text);
    }

    @Test
    void a_saga_leads_to_the_trace_that_it_was_started_in() {
        UUID id = shop.stuck("traced");
        shop.jdbc.update("update saga_instance set trace_id = null where saga_id = ?", id);
        assertThat(json("/api/v1/sagas/" + id).path("traceLink").isNull()).isTrue();
        shop.jdbc.update(
                "update saga_instance set trace_id = '4bf92f3577b34da6a3ce929d0e0e4736' where saga_id = ?", id);

        JsonNode saga = json("/api/v1/sagas/" + id);

        assertThat(saga.path("traceId").asString()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(saga.path("traceLink").asString())
                .isEqualTo("https://tempo.example.com/trace/4bf92f3577b34da6a3ce929d0e0e4736?token=not-masked");
    }

    @Test
    void a_sum_of_money_is_not_taken_for_a_card_s_number() {
        UUID id = shop.stuck("rich");
        shop.jdbc.update(
                "update saga_instance set attributes = jsonb_build_object('item', '4222222222222') where saga_id = ?",
                id);

        JsonNode atRisk = json("/api/v1/stuck/counts").path("money");

        assertThat(atRisk.path("amounts").path(0).path("amount").asString())
                .as(atRisk.toString())
                .isEqualTo("4222222222222");
        shop.jdbc.update(
                "update saga_instance set attributes = jsonb_build_object('item', 'pen') where saga_id = ?", id);
    }

    @Test
    void a_stuck_saga_is_found_understood_and_repaired() {
        UUID id = shop.stuck("found");

        JsonNode stuck = StreamSupport.stream(
                        json("/api/v1/stuck?reason=RETRIES_EXHAUSTED&size=500")
                                .path("sagas")
                                .spliterator(),
                        false)
                .filter(row -> row.path("sagaId").asString().equals(id.toString()))
                .findFirst()
                .orElseThrow();
        assertThat(stuck.path("key").asString()).isEqualTo("found");
        assertThat(stuck.path("severity").asString()).isEqualTo("HIGH");
        assertThat(stuck.path("money").asString()).isEqualTo("pen");
        JsonNode atRisk = json("/api/v1/stuck/counts").path("money");
        assertThat(atRisk.path("unread").asLong()).as(atRisk.toString()).isPositive();
        assertThat(atRisk.path("amounts")).isEmpty();
        assertThat(json("/api/v1/me").path("application").asString()).isEqualTo("the-shop");
        assertThat(shop.get("/" + stuck.path("runbook").asString())
                        .by("viewer")
                        .send()
                        .text())
                .contains("RETRIES_EXHAUSTED");

        JsonNode saga = json("/api/v1/sagas/" + id);
        assertThat(saga.path("verdict").path("reason").asString()).isEqualTo("RETRIES_EXHAUSTED");
        assertThat(saga.path("verdict").path("note").asString()).isEqualTo("https://wiki.example.com/till");
        assertThat(saga.path("explanation").asString()).contains("charge");
        List<JsonNode> history = saga.path("timeline").valueStream().toList();
        assertThat(history)
                .filteredOn(line -> line.path("event").asString().equals("Sent"))
                .isNotEmpty()
                .allSatisfy(sent -> {
                    assertThat(sent.path("place").asString()).matches("saga\\.(store|till)\\.commands-\\d+@\\d+");
                    assertThat(history)
                            .anySatisfy(
                                    reply -> assertThat(reply.path("answers")).isEqualTo(sent.path("messageId")));
                });
        assertThat(history.stream().map(line -> line.path("logicalTime").asString()))
                .doesNotHaveDuplicates()
                .allMatch(time -> time.matches("\\d{4}-.*Z\\+\\d+"));
        assertThat(saga.path("verbs").toString())
                .contains("retry", "skip", "resolve")
                .doesNotContain("\"resume\"");
        assertThat(saga.path("steps").path(1).path("name").asString()).isEqualTo("charge");
        assertThat(saga.path("steps").path(0).path("forward").asString()).isEqualTo("DONE");
        assertThat(foreseen(id, "skip", "{\"step\":\"charge\"}")
                        .json()
                        .path("result")
                        .asString())
                .isEqualTo("DONE");
        assertThat(foreseen(id, "skip", "{\"step\":\"charge\",\"resultType\":\"done\",\"result\":{\"receipt\":7}}")
                        .json()
                        .path("result")
                        .asString())
                .isEqualTo("DONE");
        assertThat(foreseen(id, "vanish", "{}").status()).isEqualTo(404);
        assertThat(shop.get("/api/v1/sagas/%s/skip/foresee?step=charge&result=secret".formatted(id))
                        .by("viewer")
                        .send()
                        .code())
                .as("an address is no place for a result")
                .isEqualTo("METHOD");

        Answer skipped = shop.order(id, "skip", shop.revision(id), "{\"reason\":\"paid in cash\",\"step\":\"charge\"}")
                .by("admin")
                .send();

        assertThat(skipped.status()).as(skipped.text()).isEqualTo(200);
        assertThat(skipped.json().path("result").asString()).isEqualTo("DONE");
        JsonNode action =
                json("/api/v1/actions/" + skipped.json().path("actionId").asLong());
        assertThat(action.path("state").asString()).isEqualTo("PROGRESSED");
        assertThat(action.path("entry").path("operator").path("name").asString())
                .isEqualTo("admin");
        JsonNode completed = json("/api/v1/sagas/" + id);
        assertThat(completed.path("phase").asString()).isEqualTo("COMPLETED");
        assertThat(completed.path("verbs"))
                .as("nothing was ended by hand, so that nothing can be reopened")
                .isEmpty();
        assertThat(json("/api/v1/audit?saga=" + id)
                        .path("lines")
                        .path(0)
                        .path("entry")
                        .path("reason")
                        .asString())
                .isEqualTo("paid in cash");
    }

    @Test
    void who_asks_for_german_is_told_in_german_and_everybody_else_in_english() {
        UUID id = shop.stuck("told");
        String saga = "/api/v1/sagas/" + id;

        Answer german = inGerman(shop.get(saga));
        assertThat(german.http().headers().allValues("Vary")).anyMatch(names -> names.contains("Accept-Language"));
        assertThat(german.json().path("explanation").asString())
                .startsWith("Die Versuche an einem Schritt sind aufgebraucht. Schritt „charge“ ging an „till“")
                .endsWith("Von selbst folgt nichts.");
        assertThat(german.json().path("verdict").path("action").asString()).startsWith("Behebe, woran der Schritt");
        assertThat(german.json().path("reason"))
                .as("what the saga says itself")
                .isEqualTo(json(saga).path("reason"));
        assertThat(json(saga).path("explanation").asString())
                .startsWith("The attempts at a step are spent. Step 'charge' was sent to 'till'");
        assertThat(inGerman(shop.get("/api/v1/stuck/counts"))
                        .json()
                        .path("reasons")
                        .path("RETRIES_EXHAUSTED")
                        .path("sentence")
                        .asString())
                .isEqualTo("Die Versuche an einem Schritt sind aufgebraucht.");

        assertThat(inGerman(shop.post(saga + "/skip/foresee").own().json("{\"step\":\"charge\"}"))
                        .json()
                        .path("text")
                        .asString())
                .endsWith("dann ist sie COMPLETED");
        Answer refused = inGerman(shop.order(id, "resume", shop.revision(id), reason("es geht wieder")));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("NOT_POSSIBLE");
        assertThat(refused.header("Content-Language")).isEqualTo("de");
        assertThat(refused.json().path("detail").asString()).isEqualTo("Sie ist nicht angehalten.");
        String line = "/api/v1/actions/" + refused.json().path("actionId").asLong();
        assertThat(json(line).path("entry").path("explanation").asString())
                .as("the audit is written in one language, whoever did it")
                .isEqualTo("It is not paused.");
        assertThat(inGerman(shop.get(line))
                        .json()
                        .path("entry")
                        .path("explanation")
                        .asString())
                .as("whoever reads it has words of their own")
                .isEqualTo("Sie ist nicht angehalten.");
        for (JsonNode listed : List.of(
                inGerman(shop.get("/api/v1/audit?saga=" + id))
                        .json()
                        .path("lines")
                        .path(0),
                inGerman(shop.get(saga)).json().path("actions").path(0))) {
            assertThat(listed.path("entry").path("explanation").asString()).isEqualTo("Sie ist nicht angehalten.");
        }
        assertThat(inGerman(shop.get("/api/v1/audit/export?saga=" + id)).http().body())
                .as("an export is for programs")
                .contains("It is not paused.");
        Answer unread = inGerman(shop.get("/api/v1/sagas?q=version:x"));
        assertThat(detail(unread)).isEqualTo("Der Filter ist nicht zu verstehen: version:x ist keine Zahl.");
        assertThat(unread.json().path("title").asString()).isEqualTo("Falsche Anfrage");
        assertThat(unread.json().path("problems").path(0).asString()).isEqualTo("version:x ist keine Zahl.");
        assertThat(detail(inGerman(shop.get("/api/v1/sagas/nobody"))))
                .startsWith("„id“ ist so nicht zu lesen; erwartet: Id wie ");
        assertThat(detail(shop.get("/api/v1/stuck/counts")
                        .header("Accept-Language", "de")
                        .send()))
                .startsWith("Niemand ist angemeldet");
        JsonNode english =
                shop.get("/api/v1/sagas?q=version:x").by("admin").send().json();
        assertThat(english.path("detail").asString())
                .isEqualTo("The filter can't be understood: version:x is not a number.");
        assertThat(english.path("title").asString()).isEqualTo("Bad Request");
        assertThat(english.path("problems").path(0).asString()).isEqualTo("version:x is not a number.");
    }

    private static Answer inGerman(Shop.Call call) {
        return call.header("Accept-Language", "de-AT, en;q=0.5").by("admin").send();
    }

    private static String detail(Answer problem) {
        return problem.json().path("detail").asString();
    }

    private static Answer foreseen(UUID id, String verb, String body) {
        return shop.post("/api/v1/sagas/%s/%s/foresee".formatted(id, verb))
                .own()
                .json(body)
                .by("viewer")
                .send();
    }

    @Test
    void what_did_not_change_is_not_sent_again() {
        Answer first = shop.get("/api/v1/stuck/counts").by("viewer").send();
        String tag = first.header("ETag");
        assertThat(tag).isNotEmpty();
        Answer script = shop.get("/assets/runbooks/HOT_RETRY.md").by("viewer").send();
        assertThat(script.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(shop.get("/assets/runbooks/HOT_RETRY.md")
                        .header("If-None-Match", script.header("ETag"))
                        .by("viewer")
                        .send()
                        .status())
                .isEqualTo(304);
    }

    @Test
    void what_can_not_be_understood_is_answered_with_what_is_expected() {
        Answer filter =
                shop.get("/api/v1/sagas?q=phase:LOST+colour:red").by("viewer").send();
        assertThat(filter.status()).isEqualTo(400);
        assertThat(filter.code()).isEqualTo("BAD_FILTER");
        assertThat(filter.json().path("problems").size()).isEqualTo(2);
        assertThat(shop.get("/api/v1/stuck?size=501").by("viewer").send().code())
                .isEqualTo("BAD_REQUEST");
        assertThat(shop.get("/api/v1/stuck?after=x").by("viewer").send().code()).isEqualTo("BAD_REQUEST");
        assertThat(shop.get("/api/v1/sagas/7")
                        .by("viewer")
                        .send()
                        .json()
                        .path("detail")
                        .asString())
                .contains("'id' is no id such as");
        UUID id = UUID.randomUUID();
        assertThat(shop.order(id, "pause", 1, "{\"reason\":\"r\",\"colour\":\"red\"}")
                        .by("admin")
                        .send()
                        .code())
                .isEqualTo("BAD_REQUEST");
        assertThat(shop.order(id, "pause", 1, "{\"reason\":\"%s\"}".formatted("x".repeat(70_000)))
                        .by("admin")
                        .send()
                        .status())
                .isEqualTo(413);
        assertThat(shop.post("/api/v1/sagas/%s/pause".formatted(id))
                        .own()
                        .header("Content-Type", "text/plain")
                        .by("admin")
                        .send()
                        .status())
                .isEqualTo(415);
    }

    @Test
    void pages_know_where_they_are_also_behind_a_proxy() {
        assertThat(shop.get("/").by("viewer").send().text()).contains("<base href=\"/shop/ops/console/\"");
        assertThat(shop.get("/sagas/" + UUID.randomUUID())
                        .header("X-Forwarded-Prefix", "/gateway")
                        .by("viewer")
                        .send()
                        .text())
                .contains("<base href=\"/gateway/ops/console/\"");
        Answer login = shop.get("/stuck").header("Accept", "text/html").send();
        assertThat(login.status()).isEqualTo(302);
        assertThat(login.header("Location")).endsWith("/shop/ops/console/login");
        assertThat(shop.get("").by("viewer").send().header("Location")).isEqualTo("/shop/ops/console/");
        Answer me = shop.get("/api/v1/me").by("viewer").send();
        assertThat(me.header("Set-Cookie"))
                .contains("XSRF-TOKEN=", "Path=/shop/ops/console", "SameSite=Strict")
                .doesNotContain("HttpOnly");
        assertThat(me.json().path("csrf").path("header").asString()).isEqualTo("X-XSRF-TOKEN");
    }

    @Test
    void somebody_logs_in_with_the_form_and_out_again() {
        Answer page = shop.get("/login").send();
        assertThat(page.text())
                .contains("<base href=\"/shop/ops/console/\">", "name=\"_csrf\"")
                .doesNotContain("{csrf}");
        Answer wrong = login("nobody");
        assertThat(wrong.header("Location")).endsWith("/shop/ops/console/login?error");
        Answer right = login("secret");
        assertThat(right.status()).isEqualTo(302);
        assertThat(right.header("Location")).endsWith("/shop/ops/console/");
        String session = right.http().headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("JSESSIONID="))
                .map(cookie -> cookie.split(";")[0])
                .findFirst()
                .orElseThrow();
        assertThat(shop.get("/api/v1/me")
                        .header("Cookie", session)
                        .send()
                        .json()
                        .path("actor")
                        .asString())
                .isEqualTo("operator");
    }

    private static Answer login(String password) {
        return shop.post("/login")
                .header("Cookie", "XSRF-TOKEN=t")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("username=operator&password=%s&_csrf=t".formatted(password))
                .send();
    }
}
